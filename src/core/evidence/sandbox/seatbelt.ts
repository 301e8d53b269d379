import { homedir } from 'node:os';
import { commandEnvironment } from '../command/environment.ts';
import { linkTools } from './privateFolders.ts';
import { groupScript, type Job, type Started } from './sandbox.ts';
import { findToolFolders } from './toolFolders.ts';
import { searchOf, startTree } from './unconfined.ts';

/** Where people's files are on macOS, and what runs for them. The system itself stays readable. All of it is on the data volume, too. */
const privatePlaces = [
  '/Users',
  '/Volumes',
  '/Network',
  '/home',
  '/Library/Keychains',
  '/private/etc/ssh',
  '/private/tmp',
  '/private/var/folders',
  '/private/var/root',
  '/private/var/run',
  '/private/var/tmp',
];

const devices = ['/dev/null', '/dev/zero', '/dev/random', '/dev/urandom', '/dev/tty', '/dev/dtracehelper'];

/**
 * What may be asked of the kernel. Not `kern.procargs2`: it tells the arguments and the environment of any other process of the
 * user's.
 */
const kernelFacts = [
  'argmax',
  'boottime',
  'hostname',
  'iossupportversion',
  'maxfiles',
  'maxfilesperproc',
  'maxproc',
  'ngroups',
  'osproductversion',
  'osrelease',
  'ostype',
  'osvariant_status',
  'osversion',
  'secure_kernel',
  'tcsm_available',
  'tcsm_enable',
  'usrstack64',
  'version',
];

/** Services of the system that programs don't start or find names without. Neither the keychain nor the desktop. */
const services = [
  'com.apple.system.logger',
  'com.apple.system.notification_center',
  'com.apple.system.opendirectoryd.libinfo',
  'com.apple.system.opendirectoryd.membership',
  'com.apple.logd',
  'com.apple.bsd.dirhelper',
];

const networkServices = [
  'com.apple.SystemConfiguration.configd',
  'com.apple.SystemConfiguration.DNSConfiguration',
  'com.apple.dnssd.service',
  'com.apple.trustd.agent',
];

/** Starts a command under macOS' Seatbelt. What it leaves running is found by looking for it. */
export async function startInSeatbelt(job: Job): Promise<Started> {
  const tools = await findToolFolders(searchOf(job));
  await linkTools(job.privateFolders.home, homedir(), tools);
  const environment = commandEnvironment(job.privateFolders, job.variables);
  const started = startTree('/usr/bin/sandbox-exec', seatbeltArguments(job, tools), job.folder, environment);
  return {
    ...started,
    whyNotRun: (_, complaint) => (complaint.startsWith('sandbox-exec:') ? complaint.trim() : undefined),
  };
}

/** `sandbox-exec`'s arguments for a job. */
export function seatbeltArguments(job: Job, tools: readonly string[]): readonly string[] {
  return ['-p', seatbeltProfile(job, tools), '/bin/sh', '-c', groupScript, 'sh', job.command];
}

/** The rules, in Seatbelt's own language. Nothing is allowed that isn't named; of two rules that fit, the later one counts. */
export function seatbeltProfile(job: Job, tools: readonly string[]): string {
  const own = [job.root, job.privateFolders.home, job.privateFolders.temporary];
  return [
    '(version 1)',
    '(deny default)',
    '(allow process-exec process-fork)',
    '(allow process-info* signal mach-priv-task-port (target same-sandbox))',
    `(allow sysctl-read (sysctl-name-prefix "hw.") (sysctl-name-prefix "machdep.cpu.") (sysctl-name "vm.loadavg" "sysctl.proc_cputype") ${`(sysctl-name ${kernelFacts.map((name) => quoted(`kern.${name}`)).join(' ')})`})`,
    `(allow mach-lookup (global-name ${services.map(quoted).join(' ')}))`,
    '(allow ipc-posix-sem ipc-posix-shm)',
    '(allow pseudo-tty)',
    '(allow file-read*)',
    `(deny file-read* ${below([...privatePlaces, ...privatePlaces.map((place) => `/System/Volumes/Data${place}`)])})`,
    // A path is followed folder by folder, so their names and dates have to be readable; what is in them isn't.
    '(allow file-read-metadata (vnode-type DIRECTORY))',
    `(allow file-read* ${below([...tools, ...job.readable, ...own])})`,
    `(allow file-write* ${below(own)})`,
    `(allow file-write* file-ioctl (literal ${devices.map(quoted).join(' ')}) (regex #"^/dev/(ptmx|ttys[0-9]+|fd/[0-9]+)$"))`,
    ...(job.network ? networkRules(own) : []),
    '',
  ].join('\n');
}

/** The network, but of the sockets that are files only the command's own and the one that finds names: no agent's, no Docker's. */
function networkRules(own: readonly string[]): readonly string[] {
  return [
    '(allow network* system-socket)',
    '(deny network-outbound (remote unix-socket))',
    `(allow network-outbound (literal "/private/var/run/mDNSResponder") ${below(own)})`,
    `(allow mach-lookup (global-name ${networkServices.map(quoted).join(' ')}))`,
    '(allow sysctl-read (sysctl-name-prefix "net."))',
  ];
}

const below = (folders: readonly string[]) => `(subpath ${folders.map(quoted).join(' ')})`;

const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
