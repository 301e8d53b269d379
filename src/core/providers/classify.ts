import { isOwnNetwork } from '../network.ts';
import { type Asked, type FailureKind, failure } from './failure.ts';
import { type Fault, readFault } from './fault.ts';
import type { ProviderFailure } from './provider.ts';

/** The failure that a thrown error stands for. */
export function failureOf(thrown: unknown, asked: Asked): ProviderFailure {
  const fault = readFault(thrown);
  return failure(kindFor(asked, kindOf(fault, thrown), fault), asked, fault.message, fault.retryAfterMs);
}

/** The kind with what only the asker knows: that it had no key, or that the service may be one of the user's own. */
function kindFor({ apiKey, service }: Asked, kind: FailureKind, { codes }: Fault): FailureKind {
  if (kind === 'authentication' && apiKey === '') {
    return 'key-missing';
  }
  const isOwn = service !== undefined && isOwnNetwork(new URL(`http://${service}`).hostname);
  return kind === 'network' && isOwn && codes.has('ECONNREFUSED') ? 'not-listening' : kind;
}

/** What identifies a kind: codes come first, since a gateway's status can be anything, and words only where no code exists. */
const signs: readonly { kind: FailureKind; codes?: RegExp; statuses?: readonly number[]; words?: RegExp }[] = [
  {
    kind: 'out-of-quota',
    codes: /^(insufficient_quota|billing_hard_limit_reached|billing_not_active|billing_error)$|PerDay/,
    statuses: [402],
    words: /credit balance is too low/i,
  },
  {
    kind: 'context-too-long',
    codes: /^(context_length_exceeded|request_too_large|string_above_max_length|exceed_context_size_error)$/,
    statuses: [413],
    words:
      /maximum context length|exceeds? the (available )?context|context length exceeded|prompt is too long|exceed context limit|input token count.*exceeds|request too large|input is too long|context the overflows/i,
  },
  {
    kind: 'refused-by-model',
    codes:
      /^(content_policy_violation|content_filter|data_inspection_failed|DataInspectionFailed|invalid_prompt|cyber_policy_violation)$/,
  },
  {
    kind: 'authentication',
    codes: /^(authentication_error|invalid_api_key|API_KEY_INVALID|UNAUTHENTICATED)$/,
    statuses: [401],
    words: /api key not valid|API_KEY_INVALID|invalid x-api-key/i,
  },
  {
    kind: 'no-tools',
    words:
      /does(n't| not) support (tools|tool (use|calling|calls)|function calling)|support tool use|(tools|tool (use|calling|calls)|function calling)["'`]? (is|are) not (supported|enabled)|enable-auto-tool-choice|tools param requires/i,
  },
  // The service could not read what the model wrote; the next answer may be better.
  { kind: 'malformed-answer', codes: /^tool_use_failed$/ },
  { kind: 'model-not-found', codes: /^(model_not_found|not_found_error|NOT_FOUND)$/, statuses: [404] },
  { kind: 'permission', codes: /^(permission_error|PERMISSION_DENIED)$/, statuses: [403] },
  { kind: 'rate-limited', codes: /^(rate_limit_error|rate_limit_exceeded|RESOURCE_EXHAUSTED)$/, statuses: [429] },
  {
    kind: 'overloaded',
    codes: /^(overloaded_error|server_is_overloaded|slow_down|UNAVAILABLE)$/,
    statuses: [503, 529],
  },
  {
    kind: 'timeout',
    codes: /^(timeout_error|DEADLINE_EXCEEDED|ETIMEDOUT|TimeoutError|UND_ERR_(HEADERS|BODY|CONNECT)_TIMEOUT)$/,
    statuses: [408, 504],
    words: /^request timed out/i,
  },
  { kind: 'server-error', codes: /^(server_error|api_error|INTERNAL)$/ },
  { kind: 'bad-request', codes: /^(invalid_request_error|INVALID_ARGUMENT|FAILED_PRECONDITION)$/ },
];

function kindOf(fault: Fault, thrown: unknown): FailureKind {
  const codes = [...fault.codes];
  for (const { kind, codes: known, statuses, words } of signs) {
    if (
      codes.some((code) => known?.test(code)) ||
      (fault.status !== undefined && statuses?.includes(fault.status)) ||
      words?.test(fault.message)
    ) {
      return kind;
    }
  }
  if (fault.status !== undefined) {
    return fault.status >= 500 ? 'server-error' : 'bad-request';
  }
  return kindWithoutAnswer(fault, codes, thrown);
}

/** There was no HTTP error: the connection, the text that came over it, or we ourselves. */
function kindWithoutAnswer(fault: Fault, codes: readonly string[], thrown: unknown): FailureKind {
  if (
    thrown instanceof SyntaxError ||
    /failed to parse stream|error parsing json|encoded data was not valid/i.test(fault.message)
  ) {
    return 'malformed-answer';
  }
  if (/\bterminated\b|other side closed|premature close|reading from the stream/i.test(fault.message)) {
    return 'cut-off';
  }
  const isSocket =
    /^(E(?!RR_)[A-Z_]{3,}|ERR_INVALID_URL|UND_ERR_\w+|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+|ERR_TLS_\w+|ERR_SSL_\w+)$/;
  if (codes.some((code) => isSocket.test(code)) || /connection error|fetch failed|socket/i.test(fault.message)) {
    return 'network';
  }
  return objectHasType(thrown) ? 'server-error' : 'internal';
}

/** An error event in a stream that named itself with a code nobody has told us about. */
function objectHasType(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && !(thrown instanceof TypeError) && 'error' in thrown;
}
