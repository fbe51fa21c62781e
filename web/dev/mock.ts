import type { Plugin } from 'vite';
export function mock_daemon(): Plugin { return { name: 'mock' }; }
