import { UnionFind } from '../../../core/union-find.js';
import type { ForeignGraph } from '../foreign-graph.js';
import type { EachChannel, Mixing, Roles } from './channel-roles.js';

/** Values that can only lose a channel together, and the nodes around them. */
export interface ChannelSet {
  channels: number;
  /** Who makes these channels. */
  producers: Mixing[];
  /** Who reads them. */
  consumers: Mixing[];
  /** Who passes them on one by one. */
  between: EachChannel[];
}

/**
 * The sets whose channels may be taken out: all nodes around them treat channels in a known way, their weights are used
 * once, and none of their values goes into or out of the graph.
 */
export function channelSets(graph: ForeignGraph, { roles, channels }: Roles): ChannelSet[] {
  const rootOf = unite(roles.flatMap((role) => (role.kind === 'each' ? [[...role.inputs, role.node.outputs[0]]] : [])));
  const fixed = new Set(fixedValues(graph, { roles, channels }).map(rootOf));
  const sets = new Map<string, ChannelSet>();
  const setOf = (value: string): ChannelSet => {
    const root = rootOf(value);
    const found = sets.get(root) ?? { channels: channels.get(value)!, producers: [], consumers: [], between: [] };
    sets.set(root, found);
    return found;
  };
  for (const role of roles)
    if (role.kind === 'each') setOf(role.node.outputs[0]).between.push(role);
    else {
      setOf(role.node.outputs[0]).producers.push(role);
      if (channels.has(role.inputs[0])) setOf(role.inputs[0]).consumers.push(role);
    }
  return [...sets].filter(([root, { consumers }]) => !fixed.has(root) && consumers.length > 0).map(([, set]) => set);
}

/** Values whose channels have to stay. */
function fixedValues({ nodes, outputs }: ForeignGraph, { roles }: Roles): string[] {
  const known = new Set(roles.map(({ node }) => node));
  const uses = new Map<string, number>();
  for (const name of nodes.flatMap(({ inputs }) => inputs)) uses.set(name, (uses.get(name) ?? 0) + 1);
  const shares = (names: (string | undefined)[]): boolean => names.some((name) => (uses.get(name ?? '') ?? 0) > 1);
  return [
    ...outputs.map(({ name }) => name),
    ...nodes.filter((node) => !known.has(node)).flatMap((node) => [...node.inputs, ...node.outputs]),
    ...roles.flatMap((role) =>
      shares(role.kind === 'each' ? role.weights : [role.weight, role.bias])
        ? [...role.inputs, role.node.outputs[0]]
        : [],
    ),
  ];
}

/** Two names with the same root belong together, by `groups`. */
function unite(groups: readonly (readonly string[])[]): (name: string) => string {
  const names = [...new Set(groups.flat())];
  const numberOf = new Map(names.map((name, i) => [name, i]));
  const sets = new UnionFind(names.length);
  for (const [first, ...others] of groups)
    for (const other of others) sets.join(numberOf.get(first)!, numberOf.get(other)!);
  return (name) => (numberOf.has(name) ? names[sets.find(numberOf.get(name)!).first] : name);
}
