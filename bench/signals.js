// One kind of evidence each, as a number that grows with the suspicion of noise; null where it is not known. What each
// finds alone is measured by detection.js; the calibrated rule weighs them together.
const known = (values, of) => (values.some((value) => value === null) ? null : of(...values));

export const signals = {
  // leave-one-out class mean, in the whitened space; within-class covariance normalisation, Hatch et al. 2006
  'own-likeness': ({ cosOwn }) => known([cosOwn], (own) => -own),
  // BoundaryFace, Wu et al. 2022: another class mean nearer than the own one
  'rival-margin': ({ rivalCos, cosOwn }) => known([rivalCos, cosOwn], (other, own) => other - own),
  // Deng et al. 2020, sec. 3.3
  'cosine-to-dominant': ({ cosDominant }) => known([cosDominant], (cosine) => -cosine),
  'subcenter-gap': ({ cosAssigned, cosDominant }) => known([cosAssigned, cosDominant], (a, b) => a - b),
  'dominant-share': ({ dominantShare }) => known([dominantShare], (share) => -share),
  // deep k-NN, Bahri et al. 2020; SimiFeat, Zhu et al. 2022
  'neighbour-agreement': ({ neighbourAgreement }) => known([neighbourAgreement], (share) => -share),
  // AUM, Pleiss et al. 2020
  'training-margin': ({ trainingMargin }) => known([trainingMargin], (margin) => -margin),
  // MagFace, Meng et al. 2021: low quality, which is not the same as noise
  quality: ({ quality }) => known([quality], (length) => -length),
};
