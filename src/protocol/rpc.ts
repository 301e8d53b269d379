/**
 * The typed channel between the extension host and a webview. The webview sends requests, and each is answered or rejected with what the
 * handler threw. The host sends notifications, which nothing answers: a hidden webview doesn't get them, and asks again when it is shown.
 * Every method takes at most one argument, which must survive structured cloning.
 */

/** What one side may say to the other: methods of at most one argument. */
// biome-ignore lint/suspicious/noExplicitAny: the one place where arguments of every shape meet
export type Service<T> = { readonly [K in keyof T]: (argument: any) => unknown };

/** The host as the webview sees it: the same methods, answered later. */
export type Remote<T extends Service<T>> = {
  readonly [K in keyof T]: (...argument: Parameters<T[K]>) => Promise<Awaited<ReturnType<T[K]>>>;
};

/** The webview as the host sees it: methods without an answer, so that nothing waits for a webview that is hidden. */
export type Notify<T extends Service<T>> = {
  readonly [K in keyof T]: (...argument: Parameters<T[K]>) => void;
};

/** What the host does with requests. Handlers may answer at once or later. */
export type Handlers<T extends Service<T>> = {
  readonly [K in keyof T]: (
    ...argument: Parameters<T[K]>
  ) => Awaited<ReturnType<T[K]>> | Promise<Awaited<ReturnType<T[K]>>>;
};

/** One end of a message channel. */
export interface Port {
  post(message: unknown): void;
  /** Returns a function that stops listening. */
  listen(listener: (message: unknown) => void): () => void;
}

type Request = { readonly kind: 'call'; readonly id: number; readonly method: string; readonly argument: unknown };
type Answer =
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly message: string };
type Notification = { readonly kind: 'notification'; readonly method: string; readonly argument: unknown };

/** The host's end of the channel. */
export interface HostEnd<T extends Service<T>> {
  readonly notify: Notify<T>;
  /** Stops listening; what is still being worked on is not answered any more. */
  close(): void;
}

/** Turns what a handler threw into the text that crosses to the caller. */
export type ErrorText = (error: unknown) => string;

/** The host's side: answers requests by `handlers`, and returns what notifies the webview. */
export function serve<Requests extends Service<Requests>, Notifications extends Service<Notifications>>(
  port: Port,
  handlers: Handlers<Requests>,
  errorText: ErrorText = String,
): HostEnd<Notifications> {
  let isClosed = false;
  const stop = port.listen((data) => {
    if (isRequest(data)) void respond(data);
  });

  async function respond({ id, method, argument }: Request): Promise<void> {
    const answer = await answerTo(method, argument).then(
      (value): Answer => ({ kind: 'result', id, value }),
      (error): Answer => ({ kind: 'error', id, message: errorText(error) }),
    );
    if (!isClosed) port.post(answer);
  }

  async function answerTo(method: string, argument: unknown): Promise<unknown> {
    if (!Object.hasOwn(handlers, method)) throw new Error(`There is no method ${method}.`);
    return (handlers[method as keyof Requests] as (argument: unknown) => unknown)(argument);
  }

  return {
    notify: new Proxy({} as Notify<Notifications>, {
      get: (_target, method) => (argument: unknown) => {
        if (!isClosed) port.post({ kind: 'notification', method: String(method), argument } satisfies Notification);
      },
    }),
    close() {
      isClosed = true;
      stop();
    },
  };
}

/** The webview's side: hears notifications by `listeners`, and returns what asks the host. It lasts as long as its page. */
export function connect<Requests extends Service<Requests>, Notifications extends Service<Notifications>>(
  port: Port,
  listeners: Notify<Notifications>,
): Remote<Requests> {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let lastId = 0;

  port.listen((data) => {
    if (isNotification(data)) {
      if (!Object.hasOwn(listeners, data.method)) return;
      (listeners[data.method as keyof Notifications] as (argument: unknown) => void)(data.argument);
    } else if (isAnswer(data)) {
      const caller = waiting.get(data.id);
      waiting.delete(data.id);
      if (data.kind === 'result') caller?.resolve(data.value);
      else caller?.reject(new Error(data.message));
    }
  });

  return new Proxy({} as Remote<Requests>, {
    get: (_target, method) => (argument: unknown) =>
      new Promise((resolve, reject) => {
        const id = ++lastId;
        waiting.set(id, { resolve, reject });
        port.post({ kind: 'call', id, method: String(method), argument } satisfies Request);
      }),
  });
}

function isRequest(data: unknown): data is Request {
  return kindOf(data) === 'call' && hasId(data);
}

function isAnswer(data: unknown): data is Answer {
  const kind = kindOf(data);
  return (kind === 'result' || kind === 'error') && hasId(data);
}

function isNotification(data: unknown): data is Notification {
  return kindOf(data) === 'notification';
}

function kindOf(data: unknown): unknown {
  return typeof data === 'object' && data !== null && 'kind' in data ? data.kind : undefined;
}

function hasId(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'id' in data && typeof data.id === 'number';
}
