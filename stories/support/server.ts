import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

export type DatabaseKind = "sqlite" | "postgres";

/** A Commonweal of one story's own, with the practice programme in it. */
export interface Server {
  url: string;
  /** What the server has said so far, for people who look into a failure. */
  log(): string;
  /** Waits for the newest mail to this address, whose text holds `words`. */
  mailTo(address: string, words: string): Promise<string>;
  /** Brings a file of published grants in, as whoever keeps the site would, while it runs. */
  importGrants(name: string, grants: unknown[]): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Starts it anew at the same address, with what is on the disk. */
  startAgain(): Promise<void>;
  stop(): Promise<void>;
}

const root = resolve(import.meta.dirname, "../..");
const built = join(process.env["CARGO_TARGET_DIR"] ?? join(root, "target"), "debug");
const commonweal = process.env["COMMONWEAL_BIN"] ?? join(built, "commonweal");
const testPostgres = process.env["TEST_POSTGRES_BIN"] ?? join(built, "test-postgres");

const secondsToStart = 120;
const secondsForMail = 15;

/** `design` is whose shape its practice programme takes; without one, the design with the most to show. */
export async function startServer(kind: DatabaseKind, design = ""): Promise<Server> {
  for (const program of kind === "postgres" ? [commonweal, testPostgres] : [commonweal]) {
    if (!existsSync(program)) {
      throw new Error(`${program} is not there: build it first (cargo build --workspace --bins)`);
    }
  }
  const folder = await mkdtemp(join(tmpdir(), "commonweal-story-"));
  const store = kind === "postgres" ? await borrowDatabase() : { options: ["--data", join(folder, "data")] };
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const shape = design ? ["--demo-design", design] : [];
  let said = "";
  const start = () => {
    const server = spawn(commonweal, ["serve", "--demo", ...shape, "--programmes", join(root, "programmes"), "--listen", address, ...store.options], {
      // With a database elsewhere, the outbox lies in the folder that the server runs in.
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [server.stdout, server.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (said += text));
    }
    return server;
  };
  let server = start();
  const kill = () => end(server, "SIGKILL");
  const startAgain = () => untilItAnswers(url, (server = start()));
  const stop = async () => {
    await end(server, "SIGTERM");
    await store.giveBack?.();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilItAnswers(url, server);
  } catch (problem) {
    await stop();
    throw new Error(`The server did not start: ${problem}\n${said}`);
  }
  const importGrants = async (name: string, grants: unknown[]) => {
    const file = join(folder, `${name}.json`);
    await writeFile(file, JSON.stringify({ publisher: { name: "The Fern Trust" }, grants }));
    const command = spawn(commonweal, ["grants", "import", ...store.options, file], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
    const [status] = await once(command, "exit");
    if (status !== 0) throw new Error(`the grants were not imported: ${status}`);
  };
  return { url, log: () => said, importGrants, kill, startAgain, mailTo: (to, words) => newestMail(join(folder, "data", "outbox"), to, words), stop };
}

interface Store {
  options: string[];
  giveBack?(): Promise<void>;
}

/** The database is dropped when the lender's standard input ends, so also when this process dies. */
async function borrowDatabase(): Promise<Store> {
  const lender = spawn(testPostgres, ["database"], { stdio: ["pipe", "pipe", "inherit"] });
  const [url] = await Promise.race([
    once(createInterface(lender.stdout), "line"),
    once(lender, "exit").then(() => {
      throw new Error("there is no PostgreSQL to tell the story on");
    }),
  ]);
  const giveBack = async () => {
    const gone = once(lender, "exit");
    lender.stdin.end();
    await gone;
  };
  return { options: ["--database", url], giveBack };
}

async function newestMail(outbox: string, to: string, words: string): Promise<string> {
  const deadline = Date.now() + secondsForMail * 1000;
  while (Date.now() < deadline) {
    // Names begin with the time, so the last is the newest.
    for (const name of (await readdir(outbox).catch(() => [])).sort().reverse()) {
      const mail = await readFile(join(outbox, name), "utf8");
      if (mail.startsWith(`To: ${to}\n`) && mail.includes(words)) return mail;
    }
    await new Promise((enough) => setTimeout(enough, 100));
  }
  throw new Error(`no mail to ${to} with “${words}” came within ${secondsForMail} seconds`);
}

async function untilItAnswers(url: string, server: ChildProcess) {
  const deadline = Date.now() + secondsToStart * 1000;
  while (Date.now() < deadline) {
    if (server.exitCode !== null || server.signalCode !== null) {
      throw new Error(`it ended with ${server.exitCode ?? server.signalCode}`);
    }
    try {
      await fetch(url, { redirect: "manual" });
      return;
    } catch {
      await new Promise((enough) => setTimeout(enough, 100));
    }
  }
  throw new Error(`nothing answered at ${url} within ${secondsToStart} seconds`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill(signal);
  const killIt = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await gone;
  clearTimeout(killIt);
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  listener.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
