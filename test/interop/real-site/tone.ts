/** A WAV file (RIFF, PCM of 16 bits, stereo, 44,100 Hz): a rising tone, so that the position is audible. */
const RATE = 44_100;
const CHANNELS = 2;
const OCTETS_PER_SAMPLE = 2;
const HEADER_OCTETS = 44;

export function risingTone(seconds: number): Buffer {
  const frame = CHANNELS * OCTETS_PER_SAMPLE;
  const octets = seconds * RATE * frame;
  const wav = Buffer.alloc(HEADER_OCTETS + octets);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(HEADER_OCTETS - 8 + octets, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(CHANNELS, 22);
  wav.writeUInt32LE(RATE, 24);
  wav.writeUInt32LE(RATE * frame, 28);
  wav.writeUInt16LE(frame, 32);
  wav.writeUInt16LE(8 * OCTETS_PER_SAMPLE, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(octets, 40);
  let phase = 0;
  for (let at = HEADER_OCTETS; at < wav.length; at += frame) {
    phase += (2 * Math.PI * (110 + (440 * at) / wav.length)) / RATE;
    const sample = Math.round(8000 * Math.sin(phase));
    wav.writeInt16LE(sample, at);
    wav.writeInt16LE(sample, at + OCTETS_PER_SAMPLE);
  }
  return wav;
}
