// Where the server's sentence about a wrong body belongs in a form.

// A sentence that begins with the path of a member, as in
// "retention.rules[0].keep_last must be ..." or "url: 'x' is no host".
export interface Fault {
  member: string; // empty: it names none of the form's
  sentence: string;
}

export function fault_in(sentence: string, members: readonly string[]): Fault {
  const path = /^[\w.[\]-]+(?=:? )/.exec(sentence)?.[0] ?? '';
  const known = members.includes(root_of(path));
  return { member: known ? path : '', sentence };
}

const root_of = (path: string) => /^\w*/.exec(path)![0];

export function fault_at(fault: Fault | undefined, member: string) {
  return fault?.member === member ? fault.sentence : undefined;
}

// The same for a field that holds all that is below the member.
export function fault_below(fault: Fault | undefined, member: string) {
  return fault && root_of(fault.member) === member
    ? fault.sentence
    : undefined;
}
