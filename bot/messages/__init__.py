"""Wording: everything the bot says, as values; how a platform draws it is the platform's business."""
