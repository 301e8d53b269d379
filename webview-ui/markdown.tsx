import DOMPurify from 'dompurify';
import MarkdownIt from 'markdown-it';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

const parser = new MarkdownIt({ html: false, linkify: false });
parser.renderer.rules.image = (tokens, index) => parser.utils.escapeHtml(tokens[index]?.content ?? '');

const allowed = {
  ALLOWED_TAGS: [
    ...['p', 'br', 'hr', 'blockquote', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'],
    ...['ul', 'ol', 'li', 'strong', 'em', 's', 'code', 'pre', 'a'],
    ...['table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
  ALLOWED_ATTR: ['href', 'title', 'start'],
  ALLOWED_URI_REGEXP: /^https?:\/\//i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
};

/** Text of a model as Markdown: no HTML of its own, no images, and links to the web only. */
export function Markdown(props: { readonly text: string }): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const content = DOMPurify.sanitize(parser.render(props.text), { ...allowed, RETURN_DOM_FRAGMENT: true });
    element.current?.replaceChildren(content);
  }, [props.text]);
  return <div class="markdown" ref={element} />;
}
