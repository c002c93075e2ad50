/** The one place where degrees (the surface) and radians (inside) meet. */
export const radiansOf = (degrees: number): number => (degrees * Math.PI) / 180;

export const degreesOf = (radians: number): number => (radians * 180) / Math.PI;

/** Angle in degrees, [0, 180], of a cosine; rounding outside [-1, 1] is clamped. */
export const angleDegreesOf = (cosine: number): number => degreesOf(Math.acos(Math.min(1, Math.max(-1, cosine))));

export const cosineOfDegrees = (degrees: number): number => Math.cos(radiansOf(degrees));

/** Angle of insightface's drop.py, degrees (Deng et al. 2020, table 3: 70-80 is flat, 75 best). */
export const INSIGHTFACE_ANGLE = 75;
