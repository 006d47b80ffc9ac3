import DICOMCore
import Testing

struct CodedConceptTests {
  @Test(arguments: [
    CodedConcept("36118008", "SCT", "Pneumothorax"), CodedConcept("60046008", "SCT", "Pleural effusion"),
    CodedConcept("19242006", "SCT", "Pulmonary edema"), CodedConcept("27925004", "SCT", "Nodule"),
    CodedConcept("4147007", "SCT", "Mass"), CodedConcept("8186001", "SCT", "Cardiomegaly"),
    CodedConcept("46621007", "SCT", "Atelectasis"), CodedConcept("233604007", "SCT", "Pneumonia"),
    CodedConcept("39607008", "SCT", "Lung"), CodedConcept("72410000", "SCT", "Mediastinum"),
    CodedConcept("3120008", "SCT", "Pleura"), CodedConcept("816094009", "SCT", "Chest"),
    CodedConcept("80891009", "SCT", "Heart"), CodedConcept("112001", "DCM", "Opacity"),
    CodedConcept("RID5352", "RADLEX", "pneumothorax"), CodedConcept("C0032326", "UMLS", "Pneumothorax"),
    CodedConcept("support-devices", "99BUCKY", "Support devices"),
  ])
  func `codes that may be used pass`(code: CodedConcept) {
    #expect(code.problemAsFinding == nil)
  }

  @Test(arguments: [
    CodedConcept("1", "UCUM", "no units"), CodedConcept("en-US", "RFC5646", "English (United States)"),
    CodedConcept("25045-6", "LN", "CT unspecified body region"),
    CodedConcept(
      String(repeating: "v", count: 16), String(repeating: "s", count: 16), String(repeating: "m", count: 64)),
  ])
  func `codes of other schemes can be written but are no findings`(code: CodedConcept) {
    #expect(code.problem == nil)
    #expect(code.problemAsFinding != nil)
  }

  @Test func `a modality is a code of DCM`() {
    #expect(CodedConcept("DX", "DCM", "Digital Radiography").problem == nil)
  }

  /// Codes of public CheXpert label maps, retired codes and placeholders.
  @Test(arguments: [
    ("287272002", "SCT", "287272002 means enlarged septal foramen of heart; cardiomegaly is 8186001"),
    ("46635009", "SCT", "46635009 means type 1 diabetes mellitus; atelectasis is 46621007"),
    ("60567007", "SCT", "60567007 is no SNOMED CT identifier; for consolidation use a private code"),
    ("233709007", "SCT", "233709007 is no SNOMED CT identifier; for consolidation use a private code"),
    ("274098007", "SCT", "274098007 is no SNOMED CT identifier; for an enlarged cardiomediastinum use a private code"),
    ("78381009", "SCT", "78381009 is no SNOMED CT identifier; for pleural thickening use a private code"),
    ("17621005", "SCT", "17621005 means normal, which no output may claim"),
    ("121053", "DCM", "121053 (Present) is retired; a finding names what is seen"),
    ("121054", "DCM", "121054 (Absent) is retired; a finding names what is seen"),
    ("121059", "DCM", "121059 (Presence Undetermined) is retired; a finding names what is seen"),
    ("122411", "DCM", "122411 (Threshold Value) belongs to wall motion analysis"),
    ("122157", "DCM", "122157 (Probability) has no context that allows it, and no score here is a probability"),
    ("RID49480", "RADLEX", "RID49480 states an actionable finding, which a zero-shot score must not assert"),
    ("RID49482", "RADLEX", "RID49482 states an actionable finding, which a zero-shot score must not assert"),
    ("T-D3000", "SRT", "the scheme SRT (SNOMED-RT) is retired; use SCT"),
    ("F-00000", "SNM3", "the scheme SNM3 (SNOMED 3) is retired; use SCT"),
    ("T-D3000", "99SDM", "the scheme 99SDM is retired; use SCT"),
    ("RID49481", "RADLEX", "RID49481 states an actionable finding, which a zero-shot score must not assert"),
    ("Newcode1", "99IHE", "99IHE is a placeholder of public sample code, not a coding scheme"),
  ])
  func `known traps are refused with their reason`(value: String, scheme: String, reason: String) {
    #expect(CodedConcept(value, scheme, "meaning").problemAsFinding?.description == reason)
  }

  @Test(arguments: [
    ("36118008", "Pleural effusion", "36118008 means pneumothorax; pleural effusion is 60046008"),
    ("8186001", "Atelectasis", "8186001 means cardiomegaly; atelectasis is 46621007"),
    ("27925004", "Lung mass", "27925004 means nodule; mass is 4147007"),
  ])
  func `a code under the name of another finding is refused`(value: String, meaning: String, reason: String) {
    #expect(CodedConcept(value, "SCT", meaning).problemAsFinding?.description == reason)
  }

  @Test(arguments: [
    ("60046008", "Massive effusion"), ("36118008", "Air in the pleural space"), ("4147007", "Mass or nodule"),
    ("19242006", "Pulmonary oedema"),
  ])
  func `another wording of the same finding passes`(value: String, meaning: String) {
    #expect(CodedConcept(value, "SCT", meaning).problemAsFinding == nil)
  }

  @Test(arguments: [
    ("", "SCT", "meaning"), ("36118008", "", "meaning"), ("36118008", "SCT", ""), (" 36118008", "SCT", "meaning"),
    ("36118008 ", "SCT", "meaning"), ("12345678901234567", "99BUCKY", "meaning"),
    ("36118008", "99345678901234567", "meaning"), ("36118008", "SCT", String(repeating: "x", count: 65)),
    ("a\\b", "99BUCKY", "meaning"), ("a\nb", "99BUCKY", "meaning"),
  ])
  func `malformed triples are refused`(value: String, scheme: String, meaning: String) {
    guard case .malformed? = CodedConcept(value, scheme, meaning).problemAsFinding else {
      Issue.record("\(value) \(scheme) passed")
      return
    }
  }

  @Test(arguments: [
    ("36118009", "SCT"), ("63118008", "SCT"), ("36181008", "SCT"), ("036118008", "SCT"), ("12345", "SCT"),
    ("pneumothorax", "SCT"), ("11200", "DCM"), ("1120011", "DCM"), ("x12001", "DCM"), ("5352", "RADLEX"),
    ("32326", "UMLS"), ("1", "99"), ("J93.9", "I10"), ("36118008", "sct"), ("３６１１８００８", "SCT"),
    // A description and a relationship identifier, with good check digits: partitions 01 and 02.
    ("755761014", "SCT"), ("100022", "SCT"),
  ])
  func `identifiers that the scheme cannot contain are refused`(value: String, scheme: String) {
    guard case .impossible? = CodedConcept(value, scheme, "meaning").problemAsFinding else {
      Issue.record("\(value) \(scheme) passed")
      return
    }
  }

  @Test func `every single wrong digit and every swap of neighbours in a SNOMED CT identifier is caught`() {
    let good = Array("816094009".utf8)
    for position in good.indices {
      for digit in UInt8(ascii: "0")...UInt8(ascii: "9") where digit != good[position] {
        var bad = good
        bad[position] = digit
        #expect(CodedConcept(String(decoding: bad, as: UTF8.self), "SCT", "Chest").problemAsFinding != nil)
      }
      guard position + 1 < good.count, good[position] != good[position + 1] else { continue }
      var swapped = good
      swapped.swapAt(position, position + 1)
      #expect(CodedConcept(String(decoding: swapped, as: UTF8.self), "SCT", "Chest").problemAsFinding != nil)
    }
  }
}
