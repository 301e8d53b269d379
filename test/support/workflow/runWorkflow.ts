import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Contexts, filled, holds, textOf } from './expressions.ts';
import { type ActionWorld, act } from './workflowActions.ts';
import { needsOf, type Workflow, type WorkflowJob, type WorkflowStep } from './workflowFile.ts';

/** What starts a workflow, and where it runs. */
export interface WorkflowScene extends ActionWorld {
  /** Empty, and there as long as it runs. */
  readonly root: string;
  readonly eventName: string;
  readonly event: object;
  /** `owner/name`. */
  readonly name: string;
  /** The default branch's newest commit. */
  readonly sha: string;
  /** The job's own token by what its permissions are. */
  readonly tokenFor: (permissions: Readonly<Record<string, string>>) => string;
  readonly secrets: Readonly<Record<string, string>>;
  /** What a runner has besides: addresses of services. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A step that was carried out. */
export interface StepRecord {
  readonly job: string;
  readonly step: string;
  readonly env: Readonly<Record<string, string>>;
  readonly code: number;
  readonly output: string;
}

interface Instance {
  readonly name: string;
  readonly job: WorkflowJob;
  readonly matrix: Readonly<Record<string, string>>;
  readonly workspace: string;
  readonly temporary: string;
  readonly contexts: Contexts;
}

type Outputs = Record<string, string>;

interface JobEnd {
  readonly result: 'success' | 'failure' | 'skipped';
  readonly outputs: Outputs;
}

/** Carries out a workflow's steps in order, one job after another; each job has a folder of its own and nothing of this process's environment. */
export async function runWorkflow(workflow: Workflow, scene: WorkflowScene): Promise<readonly StepRecord[]> {
  const records: StepRecord[] = [];
  const ends = new Map<string, JobEnd>();
  mkdirSync(scene.artifacts, { recursive: true });
  for (const [name, job] of Object.entries(workflow.jobs)) {
    const before = needsOf(job).map((need) => ends.get(need) ?? { result: 'skipped', outputs: {} });
    const needs = Object.fromEntries(needsOf(job).map((need) => [need, ends.get(need)]));
    const permissions = job.permissions ?? workflow.permissions;
    const github = {
      ...{ event: scene.event, sha: scene.sha, run_id: '1', repository: scene.name },
      token: scene.tokenFor(permissions),
    };
    const contexts = { github, needs, secrets: scene.secrets };
    const course = { isFailed: before.some(({ result }) => result !== 'success') };
    if (!holds(job.if, contexts, course)) {
      ends.set(name, { result: 'skipped', outputs: {} });
      continue;
    }
    const instances = job.strategy?.matrix.include ?? [{}];
    let end: JobEnd = { result: 'success', outputs: {} };
    for (const [index, matrix] of instances.entries()) {
      const place = join(scene.root, `${name}-${index}`);
      const instance = {
        ...{ name, job, matrix, contexts: { ...contexts, matrix } },
        workspace: join(place, 'workspace'),
        temporary: join(place, 'temporary'),
      };
      const ended = await runJob(workflow, instance, scene, records);
      end = ended.result === 'failure' || end.result === 'success' ? { ...ended, result: worst(end, ended) } : end;
    }
    ends.set(name, end);
  }
  return records;
}

function worst(a: JobEnd, b: JobEnd): JobEnd['result'] {
  return a.result === 'failure' || b.result === 'failure' ? 'failure' : 'success';
}

async function runJob(
  workflow: Workflow,
  instance: Instance,
  scene: WorkflowScene,
  records: StepRecord[],
): Promise<JobEnd> {
  const { job, workspace, temporary, name } = instance;
  mkdirSync(workspace, { recursive: true });
  mkdirSync(temporary, { recursive: true });
  const steps: Record<string, { outputs: Outputs }> = {};
  const contexts = { ...instance.contexts, steps };
  const course = { isFailed: false };
  for (const [index, step] of job.steps.entries()) {
    if (!holds(step.if, contexts, course)) continue;
    const fill = (values: Readonly<Record<string, unknown>> = {}) =>
      Object.fromEntries(
        Object.entries(values).map(([key, value]) => [key, textOf(filled(String(value), contexts, course))]),
      );
    const env = { ...fill(workflow.env), ...fill(job.env), ...fill(step.env) };
    const outputFile = join(temporary, `output-${index}`);
    writeFileSync(outputFile, '');
    const done = await carryOut(
      step,
      fill(step.with),
      { ...env, ...runnerEnv(instance, scene, outputFile) },
      instance,
      scene,
    );
    records.push({ job: name, step: step.name ?? step.uses ?? '', env, ...done });
    if (done.code !== 0) course.isFailed = true;
    if (step.id !== undefined) steps[step.id] = { outputs: readOutputs(outputFile) };
  }
  const outputs = Object.entries(job.outputs ?? {}).map(([key, text]) => [key, textOf(filled(text, contexts, course))]);
  return { result: course.isFailed ? 'failure' : 'success', outputs: Object.fromEntries(outputs) as Outputs };
}

function runnerEnv({ workspace, temporary }: Instance, scene: WorkflowScene, outputFile: string) {
  const eventPath = join(temporary, 'event.json');
  writeFileSync(eventPath, JSON.stringify(scene.event));
  return {
    ...scene.environment,
    PATH: `${runnerPrograms(temporary)}:${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: temporary,
    RUNNER_TEMP: temporary,
    GITHUB_WORKSPACE: workspace,
    GITHUB_OUTPUT: outputFile,
    GITHUB_EVENT_PATH: eventPath,
    GITHUB_EVENT_NAME: scene.eventName,
    GITHUB_REPOSITORY: scene.name,
    GITHUB_SHA: scene.sha,
    GITHUB_RUN_ID: '1',
    GITHUB_SERVER_URL: 'https://github.com',
  };
}

/** A runner lets jobs install packages; this machine has what they install. */
function runnerPrograms(temporary: string): string {
  const folder = join(temporary, 'bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'sudo'), '#!/bin/sh\nexit 0\n');
  chmodSync(join(folder, 'sudo'), 0o755);
  return folder;
}

async function carryOut(
  step: WorkflowStep,
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
  { workspace }: Instance,
  scene: WorkflowScene,
): Promise<{ readonly code: number; readonly output: string }> {
  if (step.uses !== undefined) {
    try {
      act(step.uses, inputs, workspace, scene);
      return { code: 0, output: '' };
    } catch (error) {
      return { code: 1, output: String(error) };
    }
  }
  // As GitHub starts it: https://docs.github.com/en/actions/writing-workflows/workflow-syntax-for-github-actions#jobsjob_idstepsshell
  const bash = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run ?? ''], {
    cwd: workspace,
    env,
  });
  const chunks: Buffer[] = [];
  bash.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  bash.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number>((resolve) => bash.on('close', (status) => resolve(status ?? 1)));
  return { code, output: Buffer.concat(chunks).toString() };
}

function readOutputs(path: string): Outputs {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}
