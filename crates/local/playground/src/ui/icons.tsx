// Small drawings in one stroke width.

const PATHS = {
  run: "M7 5.5v13l11-6.500z",
  stop: "M7 7h10v10H7z",
  copy: "M9 9h10v11H9zM5 15V4h10",
  check: "M5 12.500l4.500 4.500L19 7.500",
  sun: "M12 8a4 4 0 100 8 4 4 0 000-8M12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400",
  moon: "M19.500 14.500A8 8 0 019.500 4.500a8 8 0 1010 10z",
  system: "M4 5h16v11H4zM9 20h6M12 16v4",
  clock: "M12 3.500a8.500 8.500 0 100 17 8.500 8.500 0 000-17M12 7.500V12l3 2",
  search: "M10.500 4a6.500 6.500 0 100 13 6.500 6.500 0 000-13M15.500 15.500L20 20",
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  down: "M12 4v11M7 10.500l5 5 5-5M5 20h14",
  chevron: "M9 6l6 6-6 6",
  plug: "M9 3v5M15 3v5M6 8h12v3a6 6 0 01-12 0zM12 17v4",
  send: "M12 19V5M6 11l6-6 6 6",
  undo: "M9 7L4.500 11.500 9 16M5 11.500h9a5 5 0 010 10h-2",
  "text-generation": "M4 5h16v11H11l-4.500 4v-4H4z",
  "text-embeddings": "M5 19V5M5 19h14M9 14.500v.1M12 10.500v.1M16 7.500v.1M14.500 15v.1",
  "text-to-image": "M4 5h16v14H4zM4 16l5-5 4 4 2.500-2.500L20 17M15.500 9v.1",
  "image-to-text": "M3.500 12s3-6 8.500-6 8.500 6 8.500 6-3 6-8.500 6-8.500-6-8.500-6zM12 10a2 2 0 100 4 2 2 0 000-4",
  "text-to-speech": "M4 10v4h3.500L12 18V6L7.500 10zM15.500 9a4 4 0 010 6M18 6.500a8 8 0 010 11",
  "automatic-speech-recognition": "M12 3.500a2.500 2.500 0 00-2.500 2.500v5.500a2.500 2.500 0 005 0V6A2.500 2.500 0 0012 3.500zM6 11.500a6 6 0 0012 0M12 17.500v3",
  translation: "M4 6h9M8.500 4v2M11 6c-.5 4-3 7-6.500 8.500M6 9c1 2.500 3.500 4.500 6 5.500M12.500 20l4-10 4 10M14 17h5",
  summarization: "M5 6h14M5 10.500h14M5 15h8M5 19.500h5",
  "text-classification": "M4 4h7.500L20 12.500 12.500 20 4 11.500zM8 8v.1",
  "image-classification": "M4 4h16v16H4zM8 15v1M12 11v5M16 8v8",
  "object-detection": "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M9 9h6v6H9z",
  "voice-activity-detection": "M4 11v2M8 8v8M12 5v14M16 8v8M20 11v2",
  other: "M12 4l8 8-8 8-8-8z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: string; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name as IconName] ?? PATHS.other} />
    </svg>
  );
}
