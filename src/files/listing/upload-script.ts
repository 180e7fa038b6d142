/**
 * The script of the upload form. It sends the files that were chosen or dropped with PUT, one after the other, shows the
 * progress of each, asks what to do about names that are taken, and updates the listing. It asks before it deletes. It sets texts
 * as text, never as HTML.
 *
 * It runs after the listing's own script, in the same scope.
 */
export const UPLOAD_SCRIPT = `
const form = document.getElementById('send');
const transfers = document.getElementById('transfers');
const waiting = [];
let sending = false;

const WORDS = {
  0: 'The connection was lost before the file was complete.',
  401: 'Sign in again.',
  413: 'The file is too large for this server.',
};

const sized = (bytes) => {
  if (bytes < 1000) return bytes + ' B';
  let unit = -1;
  do { bytes /= 1000; unit++; } while (Math.round(bytes) >= 1000 && unit < 4);
  return (Math.round(bytes * 10) < 100 ? bytes.toFixed(1) : Math.round(bytes)) + ' ' + ['kB', 'MB', 'GB', 'TB', 'PB'][unit];
};

// Screen readers read results aloud, but not every change of a number.
const announce = (text) => { document.getElementById('result').textContent = text; };

const make = (parent, name, text = '') => {
  const element = document.createElement(name);
  element.textContent = text;
  return parent.appendChild(element);
};

const addTransfer = (file) => {
  const row = make(transfers, 'li');
  make(row, 'b', file.name);
  const bar = make(row, 'progress');
  bar.max = Math.max(1, file.size);
  bar.value = 0;
  bar.setAttribute('aria-label', 'Upload of ' + file.name);
  const note = make(row, 'p', 'Waiting, ' + sized(file.size));
  note.title = file.size + ' bytes';
  const button = make(row, 'button', 'Cancel');
  button.type = 'button';
  button.setAttribute('aria-label', 'Cancel the upload of ' + file.name);
  const transfer = { file, name: file.name, copy: 1, replaces: false, bar, note, row, button, isOver: false, isAsking: false, request: null };
  button.addEventListener('click', () => {
    if (transfer.isOver || transfer.isAsking) return row.remove();
    if (transfer.request) return transfer.request.abort();
    finish(transfer, 'Cancelled.', '');
  });
  return transfer;
};

const label = ({ button, file }, text, words) => {
  button.textContent = text;
  button.setAttribute('aria-label', words + file.name);
};

const finish = (transfer, text, kind) => {
  transfer.isOver = true;
  transfer.bar.remove();
  transfer.note.textContent = text;
  transfer.note.className = kind;
  label(transfer, 'Dismiss', 'Dismiss ');
  announce(transfer.file.name + ': ' + text);
};

// 'a.txt' becomes 'a (2).txt'.
const copyName = (name, copy) => {
  const dot = name.lastIndexOf('.');
  const at = dot > 0 ? dot : name.length;
  return name.slice(0, at) + ' (' + copy + ')' + name.slice(at);
};

const askWhatToDo = (transfer) => {
  const { row, bar, note } = transfer;
  transfer.isAsking = true;
  bar.remove();
  note.textContent = 'There is already a file of this name.';
  note.className = 'bad';
  const choices = make(row, 'div');
  const choice = (text, choose) => {
    const button = make(choices, 'button', text);
    button.type = 'button';
    button.setAttribute('aria-label', text + ': ' + transfer.file.name);
    button.addEventListener('click', () => {
      choices.remove();
      row.insertBefore(bar, note);
      bar.value = 0;
      note.className = '';
      note.textContent = 'Waiting, ' + sized(transfer.file.size);
      transfer.request = null;
      transfer.isAsking = false;
      label(transfer, 'Cancel', 'Cancel the upload of ');
      choose();
      waiting.push(transfer);
      sendAll();
    });
  };
  if ('replaces' in form.dataset) choice('Replace it', () => { transfer.replaces = true; });
  choice('Keep both', () => { transfer.name = copyName(transfer.file.name, ++transfer.copy); });
  label(transfer, 'Dismiss', 'Dismiss ');
  announce(transfer.file.name + ': ' + note.textContent);
};

const wordsFor = (request) => {
  const isText = (request.getResponseHeader('Content-Type') || '').startsWith('text/plain');
  const text = isText ? request.responseText.trim() : '';
  if (request.status === 413 || text === '' || text.length > 300) {
    return WORDS[request.status] || 'The server refused the file (' + request.status + ').';
  }
  return text;
};

const send = (transfer) => new Promise((resolve) => {
  const { file, bar, note } = transfer;
  const request = new XMLHttpRequest();
  transfer.request = request;
  let before = { at: performance.now(), loaded: 0 };
  let speed = 0;
  request.upload.addEventListener('progress', ({ loaded }) => {
    const now = performance.now();
    bar.value = loaded;
    if (loaded >= file.size) {
      note.textContent = sized(file.size) + ' sent, storing …';
    } else if (now - before.at >= 250) {
      const latest = (loaded - before.loaded) / ((now - before.at) / 1000);
      speed = speed === 0 ? latest : 0.6 * speed + 0.4 * latest;
      before = { at: now, loaded };
      note.textContent = sized(loaded) + ' of ' + sized(file.size) + ', ' + sized(speed) + '/s';
    }
  });
  request.addEventListener('load', () => {
    if (request.status === 412 && transfer.copy > 1 && transfer.copy < 100) {
      transfer.name = copyName(file.name, ++transfer.copy);
      return resolve(send(transfer));
    }
    const name = transfer.copy > 1 ? ' as ' + transfer.name : '';
    if (request.status === 412 && !transfer.replaces) askWhatToDo(transfer);
    else if (request.status === 201) finish(transfer, 'Uploaded' + name + ', ' + sized(file.size) + '.', 'good');
    else if (request.status === 204) finish(transfer, 'Replaced the existing file, ' + sized(file.size) + '.', 'good');
    else finish(transfer, wordsFor(request), 'bad');
    resolve(request.status < 300);
  });
  request.addEventListener('error', () => {
    finish(transfer, WORDS[0], 'bad');
    resolve(false);
  });
  request.addEventListener('abort', () => {
    finish(transfer, 'Cancelled.', '');
    resolve(false);
  });
  request.open('PUT', './' + encodeURIComponent(transfer.name));
  // A file is replaced only when the visitor has said so.
  if (!transfer.replaces) request.setRequestHeader('If-None-Match', '*');
  note.textContent = 'Sending, ' + sized(file.size);
  request.send(file);
});

const showNewListing = async () => {
  const response = await fetch(location.href, { headers: { Accept: 'text/html' } });
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  localTimes(page);
  for (const id of ['summary', 'listing']) {
    document.getElementById(id).replaceWith(document.adoptNode(page.getElementById(id)));
  }
  filter();
};

const sendAll = async () => {
  if (sending) return;
  sending = true;
  let stored = 0;
  for (let transfer; (transfer = waiting.shift()) !== undefined; ) {
    if (!transfer.isOver && await send(transfer)) stored++;
  }
  sending = false;
  if (stored > 0) await showNewListing().catch(() => {});
};

const add = (files) => {
  for (const file of files) waiting.push(addTransfer(file));
  sendAll();
};

form.classList.add('live');
document.getElementById('drop').hidden = false;
form.file.required = false;
form.file.addEventListener('change', () => {
  add(form.file.files);
  form.file.value = '';
});

const holdsFiles = (event) => event.dataTransfer?.types.includes('Files');
let depth = 0;
const hover = (change) => {
  depth = Math.max(0, depth + change);
  document.documentElement.classList.toggle('over', depth > 0);
};
addEventListener('dragenter', (event) => { if (holdsFiles(event)) hover(1); });
addEventListener('dragleave', (event) => { if (holdsFiles(event)) hover(-1); });
addEventListener('dragover', (event) => { if (holdsFiles(event)) event.preventDefault(); });
addEventListener('drop', (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  hover(-depth);
  const dropped = [...event.dataTransfer.items].filter((item) => item.kind === 'file');
  const isFolder = (item) => item.webkitGetAsEntry?.()?.isDirectory === true;
  const [folders, files] = [dropped.filter(isFolder), dropped.filter((item) => !isFolder(item))];
  const named = folders.map((item) => item.webkitGetAsEntry().name);
  add(files.map((item) => item.getAsFile()).filter((file) => file !== null));
  for (const name of named) finish(addTransfer({ name, size: 0 }), 'This is a folder. Drop its files instead.', 'bad');
});

const sure = document.getElementById('sure');
let doomed = '';
document.getElementById('remove')?.addEventListener('submit', (event) => {
  event.preventDefault();
  doomed = event.submitter.value;
  sure.querySelector('h2').textContent = 'Delete ' + doomed + '?';
  sure.querySelector('p').textContent =
    doomed.endsWith('/') ? 'A folder is deleted only if it is empty.' : 'It can not be brought back.';
  sure.returnValue = '';
  sure.showModal();
});
sure?.addEventListener('close', async () => {
  if (sure.returnValue !== 'delete') return;
  const isFolder = doomed.endsWith('/');
  const name = isFolder ? doomed.slice(0, -1) : doomed;
  const failed = (text) => finish(addTransfer({ name: doomed, size: 0 }), text, 'bad');
  try {
    const response = await fetch('./' + encodeURIComponent(name) + (isFolder ? '/' : ''), { method: 'DELETE' });
    if (!response.ok) return failed((await response.text()).trim().slice(0, 300));
    announce(doomed + ': Deleted.');
    await showNewListing();
  } catch {
    failed('The connection was lost.');
  }
});

addEventListener('beforeunload', (event) => { if (sending) event.preventDefault(); });
`;
