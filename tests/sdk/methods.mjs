// The classes of the SDK as its declarations describe them, and what the tests use of them.

import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as sdk from 'pocketbase';

/** Where each process of a run writes what it used. */
const FOLDER = process.env.BAIBASE_SDK_METHODS;

const DECLARATIONS = join(import.meta.dirname, 'node_modules/pocketbase/dist/pocketbase.es.d.mts');

/** The declared classes by their names: `{ isAbstract, parent, shown, hidden }`, methods and accessors by name. */
export function declaredClasses() {
  const text = readFileSync(DECLARATIONS, 'utf8').replace(/\/\*[^]*?\*\//g, '').replace(/\s*\/\/.*$/gm, '');
  const declaration = /^declare (abstract )?class (\w+)(?:<.*?>)?(?: extends (\w+)(?:<.*?>)?)? \{\n([^]*?)^\}/gm;
  const member = /^ {4}(?:(private|protected) )?(?:abstract )?(?:(?:get|set) )?(\w+)(?:(?:<[^(\n]*>)?\(|;)/gm;
  return new Map([...text.matchAll(declaration)].map(([, isAbstract, name, parent, body]) => {
    const members = [...body.matchAll(member)].filter(([, , key]) => key !== 'constructor');
    const named = (isHidden) => new Set(members.filter(([, hidden]) => !!hidden === isHidden).map(([, , key]) => key));
    return [name, { isAbstract: !!isAbstract, parent, shown: named(false), hidden: named(true) }];
  }));
}

/** Every `Class.method` that callers can use, accessors included, each class with what it inherits. */
export function publicMethods() {
  const classes = declaredClasses();
  const all = (name) => {
    const { parent, shown } = classes.get(name) ?? { shown: [] };
    return new Set([...shown, ...(parent ? all(parent) : [])]);
  };
  return [...classes].filter(([, { isAbstract }]) => !isAbstract)
    .flatMap(([name]) => [...all(name)].map((method) => `${name}.${method}`));
}

const isClass = (value) => typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));

/** The prototypes of the SDK by the names of their classes: many classes are not exported. */
export function prototypes() {
  const pb = new sdk.default('http://127.0.0.1');
  const batch = pb.createBatch();
  const exported = Object.values(sdk).filter(isClass).map(({ prototype }) => prototype);
  const made = [...Object.values(pb), pb.collection('any'), batch, batch.collection('any')]
    .filter((value) => value !== null && typeof value === 'object').map(Object.getPrototypeOf);
  const found = new Map();
  for (let prototype of [...exported, ...made]) {
    while (prototype !== Object.prototype && prototype !== Error.prototype) {
      found.set(prototype.constructor.name, prototype);
      prototype = Object.getPrototypeOf(prototype);
    }
  }
  return found;
}

/** What the processes of this run used: called by a test and not by the SDK itself, and done without a failure. */
export function usedMethods() {
  return new Set(readdirSync(FOLDER).flatMap((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))));
}

/** Notes from now on what this process uses. */
function watch() {
  const used = new Set();
  // Within a call of a test, what the SDK calls of itself is not the test's doing.
  const within = new AsyncLocalStorage();
  const watched = (method, original) => function call(...values) {
    if (within.getStore()) return original.apply(this, values);
    const result = within.run(true, () => original.apply(this, values));
    const done = (value) => {
      used.add(`${this.constructor.name}.${method}`);
      return value;
    };
    return result instanceof Promise ? result.then(done) : done(result);
  };
  const classes = declaredClasses();
  for (const [name, prototype] of prototypes()) {
    for (const method of classes.get(name)?.shown ?? []) {
      const descriptor = Object.getOwnPropertyDescriptor(prototype, method) ?? {};
      for (const kind of ['value', 'get', 'set']) {
        if (typeof descriptor[kind] === 'function') descriptor[kind] = watched(method, descriptor[kind]);
      }
      if (descriptor.configurable) Object.defineProperty(prototype, method, descriptor);
    }
  }
  process.on('exit', () => writeFileSync(join(FOLDER, `${process.pid}.json`), JSON.stringify([...used])));
}

if (FOLDER) watch();
