// SPDX-License-Identifier: Apache-2.0

/** What the labels of data channels begin with that `parley-client/data` opens. */
export const OWN_LABEL = 'parley-channel:';
