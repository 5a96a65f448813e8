// What is wrong with the layout of the page: a list of sentences, empty where nothing is.
(() => {
  const wrong = [];
  const width = document.documentElement.clientWidth;
  const shown = element => {
    const style = getComputedStyle(element);
    return style.visibility !== 'hidden' && style.display !== 'none';
  };
  const named = element =>
    `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') || ''}">`
      + ` ${(element.textContent || '').trim().slice(0, 40)}`;

  // Nothing is wider than the window, but for what scrolls by itself.
  if (document.documentElement.scrollWidth > width) {
    wrong.push(`the page is ${document.documentElement.scrollWidth} pixels wide, the window ${width}`);
  }
  for (const element of document.body.querySelectorAll('*')) {
    const box = element.getBoundingClientRect();
    if (shown(element) && !element.closest('.scroll, svg') && box.right > width + 1) {
      wrong.push(`${named(element)} ends at ${Math.round(box.right)} of ${width}`);
    }
    if (box.left < -1) {
      wrong.push(`${named(element)} begins at ${Math.round(box.left)}`);
    }
  }

  // Nothing is empty.
  for (const section of document.querySelectorAll('section')) {
    const words = section.textContent.trim().length - section.querySelector('h2').textContent.length;
    if (words < 20 || section.getBoundingClientRect().height < 60) {
      wrong.push(`the section ${section.id} is empty`);
    }
  }
  for (const element of document.querySelectorAll('h3, h4, p, li, td, th, caption, figcaption, summary')) {
    // The corner of a table has no heading; a cell without a remark is empty on purpose.
    if (!element.matches('td, thead th') && element.textContent.trim() === '') {
      wrong.push(`${named(element)} says nothing`);
    }
  }
  for (const heading of document.querySelectorAll('h3, h4')) {
    const next = heading.nextElementSibling;
    if (!next || /^H[1-4]$/.test(next.tagName) && next.tagName <= heading.tagName) {
      wrong.push(`${named(heading)} has nothing below it`);
    }
  }
  for (const table of document.querySelectorAll('table')) {
    if (table.tBodies.length === 0 || table.tBodies[0].rows.length === 0) {
      wrong.push(`the table ${named(table)} has no rows`);
    }
  }
  for (const picture of document.querySelectorAll('img')) {
    const box = picture.getBoundingClientRect();
    if (!picture.complete || picture.naturalWidth === 0 || box.width < 8 || box.height < 8) {
      wrong.push(`${named(picture)} ${picture.alt} shows nothing`);
    }
    if (!picture.alt) {
      wrong.push('a picture has no words');
    }
  }
  for (const chart of document.querySelectorAll('svg')) {
    const box = chart.getBoundingClientRect();
    const drawn = chart.querySelectorAll('polyline, rect, circle').length;
    if (box.width < 200 || box.height < 100 || drawn === 0 || !chart.getAttribute('aria-label')) {
      wrong.push(`the chart ${chart.getAttribute('aria-label')} is empty or has no words`);
    }
    for (const text of chart.querySelectorAll('text')) {
      const inside = text.getBoundingClientRect();
      if (inside.left < box.left - 1 || inside.right > box.right + 1 || inside.bottom > box.bottom + 1) {
        wrong.push(`“${text.textContent}” leaves its chart`);
      }
    }
  }

  // No two pieces of writing, or writing and picture, lie on each other.
  const pieces = [];
  const clipped = (rect, element) => {
    let box = { left: rect.left, right: rect.right, top: rect.top, bottom: rect.bottom };
    for (let around = element; around && around !== document.body; around = around.parentElement) {
      if (getComputedStyle(around).overflowX !== 'visible') {
        const limit = around.getBoundingClientRect();
        box = {
          left: Math.max(box.left, limit.left), right: Math.min(box.right, limit.right),
          top: Math.max(box.top, limit.top), bottom: Math.min(box.bottom, limit.bottom),
        };
      }
    }
    return box;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeValue.trim() === '' || !shown(node.parentElement)) {
      continue;
    }
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      pieces.push({ ...clipped(rect, node.parentElement), owner: node, words: node.nodeValue.trim() });
    }
  }
  for (const picture of document.querySelectorAll('img')) {
    const rect = picture.getBoundingClientRect();
    pieces.push({ left: rect.left, right: rect.right, top: rect.top, bottom: rect.bottom, owner: picture, words: picture.alt });
  }
  const visible = pieces.filter(piece => piece.right - piece.left > 1 && piece.bottom - piece.top > 1);
  visible.sort((one, other) => one.top - other.top);
  for (let i = 0; i < visible.length; i++) {
    for (let j = i + 1; j < visible.length && visible[j].top < visible[i].bottom; j++) {
      const one = visible[i], other = visible[j];
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - other.top;
      // Boxes of lines are taller than their letters.
      if (one.owner !== other.owner && across > 1.5 && down > 4) {
        wrong.push(`“${one.words.slice(0, 40)}” and “${other.words.slice(0, 40)}” lie on each other`);
      }
    }
  }

  // Writing can be told from its background: contrast of 4.5 or more (WCAG 2.2, 1.4.3).
  const colour = text => {
    const parts = (text.match(/[\d.]+(e-?\d+)?%?/g) || []).map(Number);
    return { red: parts[0], green: parts[1], blue: parts[2], alpha: parts.length > 3 ? parts[3] : 1 };
  };
  const over = (top, below) => {
    const mix = (one, other) => one * top.alpha + other * (1 - top.alpha);
    return { red: mix(top.red, below.red), green: mix(top.green, below.green), blue: mix(top.blue, below.blue), alpha: 1 };
  };
  const background = element => {
    const layers = [];
    for (let around = element; around; around = around.parentElement) {
      layers.push(colour(getComputedStyle(around).backgroundColor));
    }
    return layers.reverse().reduce((below, top) => over(top, below), { red: 255, green: 255, blue: 255, alpha: 1 });
  };
  const luminance = ({ red, green, blue }) => {
    const [r, g, b] = [red, green, blue].map(value => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const seen = new Set();
  for (const { owner } of visible) {
    const element = owner.nodeType === Node.TEXT_NODE ? owner.parentElement : null;
    if (!element || seen.has(element)) {
      continue;
    }
    seen.add(element);
    const style = getComputedStyle(element);
    const behind = background(element);
    const ink = over(colour(element.closest('svg') ? style.fill : style.color), behind);
    const [dark, bright] = [luminance(ink), luminance(behind)].sort((one, other) => one - other);
    if ((bright + 0.05) / (dark + 0.05) < 4.5) {
      wrong.push(`${named(element)} has a contrast of ${((bright + 0.05) / (dark + 0.05)).toFixed(1)}`);
    }
  }
  return wrong;
})()
