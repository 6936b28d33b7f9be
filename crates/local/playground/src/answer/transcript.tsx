// What was heard, word by word with its time; a word plays its moment.

import { useRef, useState } from "preact/hooks";
import { addressOf } from "../request/files";

export interface Word {
  word: string;
  start?: number;
  end?: number;
}

const clock = (seconds: number): string => `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(1).padStart(4, "0")}`;

export function Transcript({ text, words, file, notes, vtt }: { text: string; words: Word[]; file: string | undefined; notes: string[]; vtt: string | undefined }) {
  const player = useRef<HTMLAudioElement>(null);
  const [time, setTime] = useState(-1);
  const address = file ? addressOf(file) : undefined;
  const play = (word: Word) => {
    if (!player.current || word.start === undefined) return;
    player.current.currentTime = word.start;
    void player.current.play().catch(() => {});
  };
  const timed = words.filter((word) => word.start !== undefined);
  return (
    <div class="transcript">
      {address && <audio ref={player} src={address} controls aria-label="The sound that was sent" onTimeUpdate={(event) => setTime(event.currentTarget.currentTime)} onPause={() => setTime(-1)} />}
      <p class="large">{text || <span class="muted">Nothing was heard.</span>}</p>
      {notes.length > 0 && <p class="muted">{notes.join(" · ")}</p>}
      {timed.length > 0 && (
        <ol class="words" aria-label="Words with their times">
          {timed.map((word, index) => {
            const isNow = time >= (word.start ?? 0) && time < (word.end ?? 0);
            const inside = <><span class="word">{word.word.trim()}</span> <span class="word-time">{clock(word.start ?? 0)}</span></>;
            return (
              <li key={index} class={isNow ? "now" : ""}>
                {address ? <button type="button" onClick={() => play(word)} title="Play from here">{inside}</button> : <span>{inside}</span>}
              </li>
            );
          })}
        </ol>
      )}
      {vtt && <details class="fold"><summary>Subtitles (WebVTT)</summary><pre class="code" tabIndex={0}>{vtt}</pre></details>}
    </div>
  );
}
