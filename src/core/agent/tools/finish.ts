import * as v from 'valibot';
import { defineTool } from './tool.ts';

/** `finish`: the model says that it is done, and what it did. */
export const finish = defineTool({
  name: 'finish',
  description:
    'Ends the work. Call it once, when everything is done, after you have seen the results of all other calls.',
  properties: {
    summary: {
      type: 'string',
      description:
        'Markdown for the person who asked: what you changed and why, and what is left open. Only what you really did.',
    },
  },
  required: ['summary'],
  schema: v.object({ summary: v.pipe(v.string(), v.trim(), v.nonEmpty('must not be empty')) }),
  target: () => '',
  async run({ summary }) {
    return { outcome: 'ok', content: 'Done.', detail: 'done', summary };
  },
});
