export default import.meta.glob<Record<string, unknown>>('./zh-TW/*.json', { eager: true, import: 'default' });
