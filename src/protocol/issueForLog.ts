import * as v from 'valibot';

/** Where something has not its shape, and what was expected there; not what stands there, which may be a text. */
export function issueForLog(issue: v.BaseIssue<unknown>): string {
  const place = v.getDotPath(issue);
  const expected = `expected ${issue.expected ?? issue.requirement ?? issue.type}`;
  return place === null ? expected : `${place}: ${expected}`;
}
