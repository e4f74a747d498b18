"""A roster in memory, for the address books of the platforms."""


class Names:
    """A roster in memory."""

    def __init__(self, *unbound):
        self.waiting, self.bound = list(unbound), {}

    async def unbound(self, platform):
        return [person for person in self.waiting if person.member not in self.bound]

    async def bind(self, platform, member, account):
        if account in self.bound.values():
            return False
        self.bound[member] = account
        return True

    async def names(self, platform, accounts):
        return [person.name for person in self.waiting if self.bound.get(person.member) in accounts]
