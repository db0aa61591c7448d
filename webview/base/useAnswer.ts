import { useLayoutEffect, useState } from 'preact/hooks';
import type { AnswerOf, PanelProtocol, ParamsOf, QuestionName } from '../../src/protocol/panels/page.ts';
import { type Channel, Refusal } from './channel.ts';

export interface Answered<A> {
  /** The newest answer, partial or not; the one before it stays until it comes. */
  answer: A | null;
  /** Why there is none. */
  problem: string | null;
  isPending: boolean;
  /** Whether the answer is one to the question before: it must not bear the new one's name. */
  isOlder: boolean;
}

/**
 * The host's answer to a question, asked again when its parameters or `about` change; the one before is dropped then.
 * @param params plain data; null: nothing is asked
 * @param about what the question is about besides, such as which text
 */
export function useAnswer<P extends PanelProtocol, N extends QuestionName<P>>(
  channel: Channel<P>,
  name: N,
  params: ParamsOf<P, N> | null,
  about: string | number = '',
): Answered<AnswerOf<P, N>> {
  const [state, setState] = useState<Omit<Answered<AnswerOf<P, N>>, 'isOlder'> & { answered: string }>({
    answered: '',
    answer: null,
    problem: null,
    isPending: params !== null,
  });
  // Objects are new at every drawing; their texts are not.
  const question = JSON.stringify([params, about]);
  // Before the next frame is drawn: a slider's question has no time to lose.
  useLayoutEffect(() => {
    const [asked] = JSON.parse(question) as [ParamsOf<P, N> | null, unknown];
    if (asked === null) {
      setState({ answered: question, answer: null, problem: null, isPending: false });
      return;
    }
    const controller = new AbortController();
    const show = (answer: AnswerOf<P, N>, isPending: boolean) => {
      if (!controller.signal.aborted) setState({ answered: question, answer, problem: null, isPending });
    };
    setState((before) => ({ ...before, problem: null, isPending: true }));
    channel
      .ask(name, asked, controller.signal, (partial) => show(partial, true))
      .then((answer) => show(answer, false))
      .catch((error) => {
        if (controller.signal.aborted) return;
        const problem = error instanceof Refusal ? error.message : String(error);
        setState((before) => ({ ...before, problem, isPending: false }));
      });
    return () => controller.abort();
  }, [channel, name, question]);
  const { answered, ...shown } = state;
  return { ...shown, isOlder: answered !== question };
}
