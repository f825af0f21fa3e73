// Names whose values are nobody's business: columns, attributes, keys of JSON, parameters of URLs.

/** Against the name in lower case without separators. `card` but not `discard` or `cardinality`; `pin` but not `shipping`. */
const SENSITIVE =
  /passw|^pwd|pwd$|passphrase|passcode|secret|token|authori[sz]|^auth$|authkey|cookie|sessionid|sessionkey|^session$|^sid$|apikey|accesskey|privatekey|secretkey|signingkey|encryptionkey|credential|(?<!dis)card(?!inal|io|s?count)|cvv|cvc|^ssn|ssn$|socialsecurity|taxid|nationalid|^pin$|pincode|iban|accountnumber|routingnumber|^otp|otp$|onetime|signature|^salt|salt$|bearer|jwt|privkey|mfa|recoverycode|backupcode/

const SEPARATORS = /[\s_\-.$"'[\]]+/g

export function isSensitiveName(name: string): boolean {
  return SENSITIVE.test(name.slice(0, 200).replace(SEPARATORS, '').toLowerCase())
}

/** As a part of a pattern over text: the same words, with separators of names between. */
export const SENSITIVE_WORDS =
  'passw(?:or)?d|passwd|pwd|passphrase|passcode|secret|token|authori[sz]ation|cookie|session[_-]?(?:id|key)|api[_-]?key|access[_-]?key|private[_-]?key|signing[_-]?key|encryption[_-]?key|credentials?|card[_-]?(?:number|no)?|cvv2?|cvc2?|ssn|pin|iban|otp|signature|salt|jwt'
