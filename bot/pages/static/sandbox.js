// The sandbox's page: two chats, the person one plays, and the clock. Everything shown comes from api/.
"use strict";

const POLL_MS = 1000;
// Words offered by role; `fill` puts them into the box to be changed, the others are said at once.
const PHRASES = {
  contact: [{ text: "第9项80%", fill: true }, { text: "我的" }, { text: "撤回" }, { text: "帮助" }],
  office: [{ text: "进度" }, { text: "未报" }, { text: "排名" }, { text: "催报" }, { text: "汇总" }],
  leader: [{ text: "进度" }, { text: "未报" }, { text: "排名" }],
};
const OTHER_PHRASES = [{ text: "帮助" }];
const GROUP_PHRASES = [{ text: "@小鼓 ", label: "@小鼓", fill: true }, { text: "@小鼓 进度" }, { text: "@小鼓 排名" }];

const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// What was looked at last time; a browser that keeps nothing simply shows every dot again.
const memory = {
  get(key, fallback) {
    try { return JSON.parse(localStorage.getItem(`drumbeat.${key}`)) ?? fallback; } catch { return fallback; }
  },
  set(key, value) {
    try { localStorage.setItem(`drumbeat.${key}`, JSON.stringify(value)); } catch { /* private window */ }
  },
};

async function ask(path, body) {
  const options = body && {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  };
  const answer = await fetch(`api/${path}`, options || { cache: "no-store" });
  const data = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(data.error || `服务器没有正常回答（${answer.status}）`);
  return data;
}

// The plan's local time stands in the text itself; the browser's own time zone must not move it.
function timeParts(iso) {
  const [year, month, day, hour, minute] = iso.match(/\d+/g).map(Number);
  const weekday = "日一二三四五六"[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
  const two = (number) => String(number).padStart(2, "0");
  return { year, day: `${month}月${day}日 星期${weekday}`, hour: `${two(hour)}:${two(minute)}` };
}

class Chat {
  constructor(panel, kind) {
    this.kind = kind;
    this.log = one(".log", panel);
    this.newer = one(".newer", panel);
    this.id = "";
    this.reset();
    this.newer.addEventListener("click", () => this.toBottom());
    this.log.addEventListener("scroll", () => { if (this.atBottom()) this.newer.hidden = true; });
  }

  reset() {
    this.last = this.known = 0;
    this.lastDay = "";
    this.before = null;
    this.polling = false;
    this.log.replaceChildren();
    this.newer.hidden = true;
  }

  open(id) {
    this.id = id;
    this.reset();
    return this.poll();
  }

  atBottom() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80; }

  toBottom() {
    this.log.scrollTop = this.log.scrollHeight;
    this.newer.hidden = true;
  }

  async poll() {
    if (!this.id || this.polling) return;
    const id = this.id;
    this.polling = true;
    try {
      const { messages } = await ask(`messages?chat=${encodeURIComponent(id)}&after=${this.last}`);
      if (id === this.id) this.add(messages);
    } finally {
      // Another chat may have been opened meanwhile; its own request is under way then.
      if (id === this.id) this.polling = false;
    }
  }

  add(messages) {
    const fresh = messages.filter((message) => message.id > this.last);
    if (!fresh.length) {
      if (!this.last && !one(".empty", this.log)) this.log.append(paragraph("empty", "还没有消息"));
      return;
    }
    const follow = !this.last || this.atBottom() || fresh.some((message) => message.sender === person);
    one(".empty", this.log)?.remove();
    fresh.forEach((message) => this.draw(message));
    if (follow) this.toBottom();
    else this.newer.hidden = false;
  }

  draw(message) {
    const when = timeParts(message.at);
    if (when.year + when.day !== this.lastDay) this.log.append(paragraph("day-line", when.day, `${when.year}年${when.day}`));
    const node = one("#message").content.cloneNode(true).firstElementChild;
    const goesOn = this.before && this.before.sender === message.sender
      && this.before.at.slice(0, 16) === message.at.slice(0, 16) && this.lastDay === when.year + when.day;
    node.classList.toggle("bot", message.from_bot);
    node.classList.toggle("on", Boolean(goesOn));
    node.classList.toggle("wide", message.html.includes("<table"));
    node.dataset.sender = message.sender;
    node.dataset.id = message.id;
    paintAvatar(one(".avatar", node), message.from_bot, message.sender, message.sender_name);
    const stamp = document.createElement("time");
    stamp.textContent = when.hour;
    stamp.dateTime = message.at;
    one(".who", node).append(message.sender_name, " ", stamp);
    one(".bubble", node).innerHTML = message.html; // drawn and escaped by the server
    this.log.append(node);
    this.lastDay = when.year + when.day;
    this.before = message;
    this.last = message.id;
    this.markMine(node);
  }

  markMine(node) { node.classList.toggle("mine", node.dataset.sender === person); }
}

function paragraph(className, text, title = "") {
  return Object.assign(document.createElement("p"), { className, textContent: text, title });
}

function paintAvatar(node, isBot, id, name) {
  if (isBot) {
    node.innerHTML = '<svg><use href="#drum"/></svg>';
  } else {
    node.textContent = [...name][0] || "";
    node.dataset.role = buttons.get(id)?.dataset.role || "other";
  }
}

const buttons = new Map(all("[data-person]").map((button) => [button.dataset.person, button]));
const options = new Map(all("#who option").map((option) => [option.value, option]));
const groupTabs = all("[data-group]");
const chats = { group: new Chat(one(".panel.group"), "group"), private: new Chat(one(".panel.private"), "private") };
// A dot means: came while this page was open. What was there before counts as seen.
const seen = {};
let isFirstLook = true;
let person = "";
let faults = 0;

const nameOf = (id) => (id && one(".name", buttons.get(id)).textContent) || "";

function choosePerson(id) {
  if (!buttons.has(id)) return;
  person = id;
  memory.set("person", id);
  buttons.forEach((button, key) => button.setAttribute("aria-pressed", String(key === id)));
  buttons.get(id).scrollIntoView({ block: "nearest" });
  one("#who").value = id;
  one("#head-name").textContent = nameOf(id);
  paintAvatar(one("#head-avatar"), false, id, nameOf(id));
  all("textarea").forEach((box) => { box.placeholder = `以【${nameOf(id)}】的身份说…`; });
  offerPhrases();
  all(".msg", chats.group.log).forEach((node) => chats.group.markMine(node));
  chats.private.open(id).catch(() => {});
}

function chooseGroup(id) {
  groupTabs.forEach((tab) => tab.setAttribute("aria-pressed", String(tab.dataset.group === id)));
  chats.group.open(id).catch(() => {});
}

function showView(view) {
  document.body.dataset.view = view;
  all("[data-show]").forEach((tab) => tab.setAttribute("aria-pressed", String(tab.dataset.show === view)));
  chats[view].toBottom();
}

function offerPhrases() {
  const role = buttons.get(person)?.dataset.role;
  one('[data-kind="group"] .chips').replaceChildren(...GROUP_PHRASES.map(chip));
  one('[data-kind="private"] .chips').replaceChildren(...(PHRASES[role] || OTHER_PHRASES).map(chip));
}

function chip(phrase) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = phrase.label || phrase.text;
  button.title = phrase.fill ? "填进输入框" : "直接发送";
  button.classList.toggle("fill", Boolean(phrase.fill));
  button.addEventListener("click", () => {
    const form = button.closest("form");
    if (!phrase.fill) { say(form, phrase.text); return; }
    const box = one("textarea", form);
    if (!box.value.startsWith(phrase.text)) box.value = phrase.text + box.value;
    box.focus();
  });
  return button;
}

async function attached(picker) {
  const read = (file) => new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done({ name: file.name, content: reader.result.split(",")[1] || "" });
    reader.onerror = fail;
    reader.readAsDataURL(file);
  });
  return Promise.all([...picker.files].map(read));
}

async function say(form, text, picker = null) {
  const chat = chats[form.dataset.kind];
  if (!(text.trim() || picker?.files.length) || !chat.id || !person) return;
  const fault = one(".fault", form);
  fault.hidden = true;
  try {
    const id = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
    const files = picker ? await attached(picker) : [];
    await ask("messages", { chat: chat.id, sender: person, text, files, message_id: id });
    if (picker) picker.value = "";
    const box = one("textarea", form);
    if (box.value === text) Object.assign(box, { value: "" }).style.height = "";
    for (const wait of [0, 250, 600]) setTimeout(() => chat.poll().catch(() => {}), wait);
  } catch (error) {
    fault.textContent = `没有发出去：${error.message}`;
    fault.hidden = false;
  }
}

async function moveClock(wish, words) {
  setBusy(words);
  try {
    showClock((await ask("clock", wish)).now);
    setBusy("");
  } catch (error) {
    setBusy(error.message, true);
    setTimeout(() => setBusy(""), 6000);
  }
  tick().catch(() => {});
}

function setBusy(words, isFault = false) {
  const busy = one("#busy");
  busy.textContent = words;
  busy.hidden = !words;
  busy.classList.toggle("wrong", isFault);
  const isMoving = Boolean(words) && !isFault;
  document.body.classList.toggle("moving", isMoving);
  all("#controls button, #controls input").forEach((control) => { control.disabled = isMoving; });
}

function showClock(iso) {
  const when = timeParts(iso);
  one("#clock").dateTime = iso;
  one("#clock .day").textContent = `${when.year}年${when.day}`;
  one("#clock .hour").textContent = when.hour;
  const box = one("#leap-to");
  box.min = iso.slice(0, 16);
  if (document.activeElement !== box && box.value < box.min) box.value = box.min;
}

function showState(state) {
  if (!document.body.classList.contains("moving")) {
    all("#speed input").forEach((radio) => { radio.checked = Number(radio.value) === state.speed; });
  }
  showClock(state.now);
  all("[data-to]").forEach((button, n) => {
    const jump = state.jumps[n];
    button.textContent = jump.label;
    button.dataset.to = jump.to;
    button.title = jump.to.slice(0, 16).replace("T", " ");
  });
  const typing = all("textarea").some((box) => box.value);
  const known = state.people.length === buttons.size && state.people.every(({ id }) => buttons.has(id));
  if (!known && !typing) location.reload(); // the roster has changed
  showUnread(new Map(state.chats.map((chat) => [chat.id, chat.last_id])));
}

function showUnread(lastIds) {
  const isWide = matchMedia("(min-width: 861px)").matches;
  if (isFirstLook) lastIds.forEach((last, id) => { seen[id] = last; });
  isFirstLook = false;
  for (const chat of Object.values(chats)) {
    const last = lastIds.get(chat.id) || 0;
    if (last < chat.known) chat.open(chat.id).catch(() => {});
    if (isWide || document.body.dataset.view === chat.kind) seen[chat.id] = last;
  }
  const isUnread = (id) => (lastIds.get(id) || 0) > (seen[id] || 0);
  buttons.forEach((button, id) => {
    const mark = isUnread(id) ? "• " : "";
    one(".dot", button).hidden = !mark;
    const option = options.get(id);
    if (option.textContent !== mark + nameOf(id)) option.textContent = mark + nameOf(id);
  });
  groupTabs.forEach((tab) => { one(".dot", tab).hidden = !isUnread(tab.dataset.group); });
  one('[data-show="group"] .dot').hidden = !groupTabs.some((tab) => isUnread(tab.dataset.group));
  one('[data-show="private"] .dot').hidden = ![...buttons.keys()].some(isUnread);
}

async function tick() {
  try {
    // What was known before asking cannot be missing from the answer, unless the bot began anew.
    for (const chat of Object.values(chats)) chat.known = chat.last;
    const [state] = await Promise.all([ask("state"), chats.group.poll(), chats.private.poll()]);
    showState(state);
    if (faults) setBusy("");
    faults = 0;
  } catch {
    faults += 1;
    if (faults > 2) setBusy("与小鼓的连接断了，正在重试…", true);
  }
}

async function keepPolling() {
  await tick();
  setTimeout(keepPolling, POLL_MS);
}

for (const form of all(".composer")) {
  const box = one("textarea", form);
  form.addEventListener("submit", (event) => { event.preventDefault(); say(form, box.value); });
  // A file goes off as soon as it is chosen, with the words that stand there.
  const picker = one("[type=file]", form);
  picker.addEventListener("change", () => say(form, box.value, picker));
  const log = one(".log", form.parentElement);
  log.addEventListener("click", (event) => {
    const says = event.target.closest("[data-says]")?.dataset.says;
    if (says) say(form, form.dataset.kind === "group" ? `@小鼓 ${says}` : says);
  });
  box.addEventListener("keydown", (event) => {
    // While an input method is composing, Enter chooses a word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    say(form, box.value);
  });
  box.addEventListener("input", () => {
    box.style.height = "";
    box.style.height = `${Math.min(box.scrollHeight + 2, 132)}px`;
  });
}
buttons.forEach((button, id) => button.addEventListener("click", () => choosePerson(id)));
groupTabs.forEach((tab) => tab.addEventListener("click", () => chooseGroup(tab.dataset.group)));
all("[data-show]").forEach((tab) => tab.addEventListener("click", () => showView(tab.dataset.show)));
one("#who").addEventListener("change", (event) => choosePerson(event.target.value));
one("#dial").addEventListener("click", (event) => {
  const isOpen = document.body.classList.toggle("dialling");
  event.target.setAttribute("aria-expanded", String(isOpen));
});
all("[data-to]").forEach((button) => button.addEventListener("click", () => {
  const when = timeParts(button.dataset.to);
  moveClock({ to: button.dataset.to }, `正在走到 ${when.day} ${when.hour}…`);
}));
all("[data-advance]").forEach((button) => button.addEventListener("click", () => {
  moveClock({ advance_s: Number(button.dataset.advance) }, `正在${button.textContent}…`);
}));
one("#leap").addEventListener("submit", (event) => {
  event.preventDefault();
  const when = timeParts(one("#leap-to").value);
  moveClock({ to: one("#leap-to").value }, `正在走到 ${when.day} ${when.hour}…`);
});
one("#speed").addEventListener("change", (event) => moveClock({ speed: Number(event.target.value) }, "正在调整…"));
one("#hint").hidden = memory.get("hinted", false);
one("#hint button").addEventListener("click", () => { one("#hint").hidden = true; memory.set("hinted", true); });

choosePerson(buttons.has(memory.get("person", "")) ? memory.get("person", "") : buttons.keys().next().value);
if (groupTabs.length) chooseGroup(groupTabs[0].dataset.group);
keepPolling();
