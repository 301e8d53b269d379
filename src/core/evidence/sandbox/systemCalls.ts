/** One way for programs to call the kernel. Numbers are those of its tables of system calls. */
interface CallingConvention {
  /** `AUDIT_ARCH_…` of linux/audit.h. */
  readonly architecture: number;
  readonly socket: number;
  /** Calls that fail: keys of the user's session, which no name space hides, and ways around this filter. */
  readonly refused: readonly number[];
  /** Calls from this number on are refused. */
  readonly end?: number;
}

/** `io_uring_setup`, the same everywhere: what is asked for through it, sockets too, passes no filter. */
const ioUringSetup = 425;

/** What a 64-bit kernel takes of 64-bit and of 32-bit programs, by Node's name for it. */
const conventions: Partial<Record<NodeJS.Architecture, readonly CallingConvention[]>> = {
  x64: [
    // `add_key`, `request_key`, `keyctl`; beyond `end` are the same calls again, for x32.
    { architecture: 0xc000003e, socket: 41, refused: [248, 249, 250, ioUringSetup], end: 0x40000000 },
    // `socketcall` hides what it is asked for.
    { architecture: 0x40000003, socket: 359, refused: [102, 286, 287, 288, ioUringSetup] },
  ],
  arm64: [
    { architecture: 0xc00000b7, socket: 198, refused: [217, 218, 219, ioUringSetup] },
    { architecture: 0x40000028, socket: 281, refused: [309, 310, 311, ioUringSetup] },
  ],
};

/** `AF_UNIX`, `AF_INET`, `AF_INET6`, `AF_NETLINK`. The name space of the network has no say over others: `AF_VSOCK` reaches a machine's host. */
const families = [1, 2, 10, 16];

const [notPermitted, notSupported] = [1, 97];
/** Where these are in the kernel's `seccomp_data`. */
const [callNumber, callArchitecture, firstArgument] = [0, 4, 16];

/**
 * A filter of system calls for bubblewrap's `--seccomp`: an array of the kernel's `sock_filter`. Undefined for a processor whose calls
 * are not known here.
 */
export function systemCallFilter(architecture = process.arch): Uint8Array | undefined {
  const known = conventions[architecture];
  if (!known) return undefined;
  return Buffer.concat([...known.map(filterFor), refuse(notPermitted)]);
}

function filterFor({ architecture, socket, refused, end }: CallingConvention): Uint8Array {
  const rules = Buffer.concat([
    load(callNumber),
    ...(end === undefined ? [] : [unlessAtLeast(end, 1), refuse(notPermitted)]),
    ...refused.flatMap((call) => [unlessEqual(call, 1), refuse(notPermitted)]),
    ifEqual(socket, 1),
    allow(),
    load(firstArgument),
    ...families.flatMap((family) => [unlessEqual(family, 1), allow()]),
    refuse(notSupported),
  ]);
  return Buffer.concat([load(callArchitecture), unlessEqual(architecture, rules.length / instructionBytes), rules]);
}

const instructionBytes = 8;

/** One `sock_filter`; `yes` and `no` are how many instructions are skipped then. */
function instruction(code: number, value: number, yes = 0, no = 0): Uint8Array {
  const bytes = Buffer.alloc(instructionBytes);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(yes, 2);
  bytes.writeUInt8(no, 3);
  bytes.writeUInt32LE(value, 4);
  return bytes;
}

const load = (offset: number) => instruction(0x20, offset);
const ifEqual = (value: number, skip: number) => instruction(0x15, value, skip, 0);
const unlessEqual = (value: number, skip: number) => instruction(0x15, value, 0, skip);
const unlessAtLeast = (value: number, skip: number) => instruction(0x35, value, 0, skip);
const allow = () => instruction(0x06, 0x7fff0000);
const refuse = (error: number) => instruction(0x06, 0x00050000 | error);
