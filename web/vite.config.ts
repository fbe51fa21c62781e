import { defineConfig, mergeConfig } from 'vitest/config';
import { mock_daemon } from './dev/mock.ts';
import build from './vite.build.ts';

// `npm run dev` serves the page with a made-up daemon behind it, or, with
// SKERRY_URL=http://127.0.0.1:8080, in front of a real one.
const daemon = process.env.SKERRY_URL;

export default mergeConfig(
  build,
  defineConfig({
    plugins: daemon || process.env.VITEST ? [] : [mock_daemon()],
    server: {
      host: '127.0.0.1',
      proxy: daemon ? { '/api': { target: daemon } } : {},
    },
    test: {
      include: ['tests/**/*.test.ts'],
      setupFiles: ['./tests/setup.ts'],
      reporters: ['default', './tests/count_reporter.ts'],
    },
  }),
);
