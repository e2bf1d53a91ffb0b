export const en = {
  copy: 'Copy',
  copied: 'Copied',
  failed: 'Copy failed. Select the text to copy it.',
};
