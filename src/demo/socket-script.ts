/**
 * The script of the page with the WebSocket. The page's Content-Security-Policy allows exactly this text, by its hash.
 *
 * Sizes of frames follow from RFC 6455 §5.2, because nothing is compressed: 2 octets, 2 or 8 more for a longer payload, and 4 for the mask
 * that a browser uses.
 */
export const SOCKET_SCRIPT = `
'use strict';
const [form, text, send, end, log, octets, state] =
  ['form', 'text', 'send', 'end', 'log', 'octets', 'state'].map((id) => document.getElementById(id));
const url = new URL('/echo', location.href);
url.protocol = url.protocol.replace('http', 'ws');
const begun = performance.now();
const socket = new WebSocket(url, 'handshake.serval');
const sentAt = [];
let isShaken = false;

function element(name, className, content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (content) made.textContent = content;
  return made;
}

function plural(count) {
  return count === 1 ? '1 octet' : count + ' octets';
}

function frameOf(message, isSent) {
  const payload = new TextEncoder().encode(message).length;
  const head = 2 + (payload > 65535 ? 8 : payload > 125 ? 2 : 0);
  const mask = isSent ? 4 : 0;
  return 'A frame of ' + plural(head + mask + payload) + ': ' + head + ' head, ' + (isSent ? '4 mask, ' : '') + payload + ' payload';
}

function add(direction, message, note) {
  const item = element('li', direction);
  item.append(element('b', '', direction === 'sent' ? '\\u2192' : '\\u2190'));
  const box = element('div');
  box.append(element('code', '', message), element('small', '', note));
  item.append(box);
  log.append(item);
  log.parentElement.scrollTop = log.scrollHeight;
}

function showHandshake(head) {
  for (const [index, line] of head.split('\\r\\n').slice(0, -2).entries()) {
    const item = element('li');
    const code = element('code');
    const colon = line.indexOf(':', 1);
    if (index === 0 && !line.startsWith(':')) code.append(element('span', 'method', line));
    else code.append(element('span', 'field-name', line.slice(0, colon)), line.slice(colon));
    item.append(code);
    octets.append(item);
  }
  const version = head.startsWith(':') ? 'HTTP/2: this WebSocket is one stream of a connection (RFC 8441)' :
    'HTTP/1.1: the connection is a WebSocket from now on (RFC 6455)';
  document.getElementById('version').textContent = version;
  document.getElementById('handshake').hidden = false;
}

function finish(words) {
  state.textContent = words;
  for (const one of [text, send, end]) one.disabled = true;
}

socket.onopen = () => {
  state.textContent = 'Open, after ' + Math.round(performance.now() - begun) + ' ms';
  for (const one of [text, send, end]) one.disabled = false;
  text.focus({ preventScroll: true });
};
socket.onmessage = ({ data }) => {
  if (!isShaken) {
    isShaken = true;
    return showHandshake(data);
  }
  const took = performance.now() - sentAt.shift();
  add('received', data, frameOf(data, false) + '; ' + took.toFixed(1) + ' ms later');
};
socket.onclose = ({ code, wasClean }) =>
  finish('Closed with ' + code + (wasClean ? ', by both ends' : '; the connection was lost, or was never there'));
form.onsubmit = (event) => {
  event.preventDefault();
  sentAt.push(performance.now());
  socket.send(text.value);
  add('sent', text.value, frameOf(text.value, true));
  text.select();
};
end.onclick = () => socket.close(1000);
`;
