// Codes that circulate in public label maps and templates and must not be written.

extension CodedConcept {
  /// The known problem with this code, whatever its meaning says.
  var knownTrap: CodeProblem? {
    if let problem = Self.schemeTraps[scheme] { return problem }
    return Self.codeTraps[scheme]?[value] ?? swappedMeaning
  }

  /// A code of a finding under the name of another one.
  private var swappedMeaning: CodeProblem? {
    guard scheme == "SCT", let own = Self.findingWords[value] else { return nil }
    let words = meaning.lowercased()
    guard !own.contains(where: words.contains) else { return nil }
    let named = Self.findingWords.sorted { $0.key < $1.key }.first { $0.value.contains(where: words.contains) }
    return named.map { .trap("\(value) means \(own[0]); \($0.value[0]) is \($0.key)") }
  }

  /// What findings of chest radiographs are called, by their code in PS3.16 or in the public maps that agree.
  private static let findingWords: [String: [String]] = [
    "36118008": ["pneumothorax"], "60046008": ["pleural effusion", "effusion"], "19242006": ["edema", "oedema"],
    "8186001": ["cardiomegaly", "enlarged heart"], "46621007": ["atelectasis"], "233604007": ["pneumonia"],
    "27925004": ["nodule"], "4147007": ["mass"],
  ]

  private static let schemeTraps: [String: CodeProblem] = [
    "SRT": .retired("the scheme SRT (SNOMED-RT) is retired; use SCT"),
    "SNM3": .retired("the scheme SNM3 (SNOMED 3) is retired; use SCT"),
    "99SDM": .retired("the scheme 99SDM is retired; use SCT"),
    "99IHE": .trap("99IHE is a placeholder of public sample code, not a coding scheme"),
  ]

  private static let codeTraps: [String: [String: CodeProblem]] = [
    "SCT": [
      // Listed as Cardiomegaly in PS3.16 CID 12248.
      "287272002": .trap("287272002 means enlarged septal foramen of heart; cardiomegaly is 8186001"),
      // Used for atelectasis in a public label map.
      "46635009": .trap("46635009 means type 1 diabetes mellitus; atelectasis is 46621007"),
      // Used for consolidation, the cardiomediastinum and pleural thickening in public CheXpert maps.
      "60567007": .impossible("60567007 is no SNOMED CT identifier; for consolidation use a private code"),
      "233709007": .impossible("233709007 is no SNOMED CT identifier; for consolidation use a private code"),
      "274098007": .impossible(
        "274098007 is no SNOMED CT identifier; for an enlarged cardiomediastinum use a private code"),
      "78381009": .impossible("78381009 is no SNOMED CT identifier; for pleural thickening use a private code"),
      "17621005": .trap("17621005 means normal, which no output may claim"),
    ],
    "DCM": [
      "121053": .retired("121053 (Present) is retired; a finding names what is seen"),
      "121054": .retired("121054 (Absent) is retired; a finding names what is seen"),
      "121059": .retired("121059 (Presence Undetermined) is retired; a finding names what is seen"),
      "122411": .trap("122411 (Threshold Value) belongs to wall motion analysis"),
      "122157": .trap("122157 (Probability) has no context that allows it, and no score here is a probability"),
    ],
    "RADLEX": [
      "RID49480": .trap("RID49480 states an actionable finding, which a zero-shot score must not assert"),
      "RID49481": .trap("RID49481 states an actionable finding, which a zero-shot score must not assert"),
      "RID49482": .trap("RID49482 states an actionable finding, which a zero-shot score must not assert"),
    ],
  ]
}
