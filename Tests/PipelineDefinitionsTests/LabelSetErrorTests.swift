import DICOMCore
import Findings
import PipelineDefinitions
import Testing

struct LabelSetErrorTests {
  @Test func `the unchanged label set is good`() throws {
    let directory = try TemporaryDirectory()
    let labelSet = try LabelSet(loading: try directory.write("labels.yaml", goodLabelSet))
    #expect(labelSet.findings.map(\.name) == ["pneumothorax", "nodule"])
    #expect(labelSet.findings[0].threshold == Threshold(on: .softmax, value: 0.5, source: "Uncalibrated"))
    #expect(labelSet.findings[1].threshold == Threshold(on: .cosine, value: 0.1, source: "Guessed"))
    #expect(labelSet.findings[1].site?.meaning == "Lung")
    #expect(labelSet.prompts == ["a nodule", "apical pneumothorax", "no pneumothorax"])
  }

  /// What is replaced, by what, and the message.
  static let table: [(old: String, new: String, message: String)] = [
    (
      "schema: bucky-labels/1", "schema: bucky-labels/2",
      #"labels.yaml:1:9: found "bucky-labels/2"; expected bucky-labels/1"#
    ),
    (
      "schema: bucky-labels/1\n", "",
      "labels.yaml:1:1: the key schema is missing; expected bucky-labels/1"
    ),
    (
      "id: small", "id: Small Set",
      #"labels.yaml:2:5: found "Small Set"; expected a name in lower case letters, digits and hyphens, at most 40"#
    ),
    ("version: 1.0.0", "version:", "labels.yaml:3:9: found nothing; expected a version such as 1.0.0"),
    (
      "source: Made up", "sauce: Made up",
      "labels.yaml:1:1: the key source is missing; expected where the prompts come from, at most 500 characters"
    ),
    (
      "on: softmax", "on: softmx",
      #"labels.yaml:6:17: found "softmx"; expected one of cosine, logit, sigmoid, softmax; did you mean softmax?"#
    ),
    (
      "value: 0.5", "value: 1.5",
      #"labels.yaml:6:33: found "1.5"; expected a number from 0 to 1"#
    ),
    ("value: 0.5", "value: .nan", #"labels.yaml:6:33: found ".nan"; expected a number from 0 to 1"#),
    ("value: 0.5", "value: half", #"labels.yaml:6:33: found "half"; expected a number from 0 to 1"#),
    ("value: 0.1", "value: -2", #"labels.yaml:19:36: found "-2"; expected a number from -1 to 1"#),
    (
      ", source: Uncalibrated}", "}",
      "labels.yaml:6:12: the key source is missing; expected how the value was chosen, at most 300 characters"
    ),
    (
      "threshold: {on: softmax, value: 0.5, source: Uncalibrated}\n", "",
      "labels.yaml:7:5: the key threshold is missing; expected a threshold {on: softmax, value: 0.5, source: …}"
    ),
    (
      "priority: high", "priority: urgent",
      #"labels.yaml:11:15: found "urgent"; expected one of high, medium, low, none"#
    ),
    (
      "priority: high", "prioritty: high",
      "labels.yaml:8:5: the key priority is missing; expected one of high, medium, low, none"
    ),
    (
      "present: [a nodule]", "present: []",
      "labels.yaml:20:14: found an empty list; expected a list of prompts, 1 to 100 of them"
    ),
    ("present: [a nodule]", "present: a nodule", #"labels.yaml:20:14: found "a nodule"; expected a list of prompts"#),
    (
      "present: [a nodule]", #"present: [a nodule, ""]"#,
      #"labels.yaml:20:25: found ""; expected a prompt of at most 300 characters"#
    ),
    (
      "present: [a nodule]", "present: [a nodule, a nodule]",
      #"labels.yaml:20:25: found "a nodule" a second time; expected each element once"#
    ),
    (
      "absent: [no pneumothorax]", "absent: [apical pneumothorax]",
      #"labels.yaml:13:13: found the prompt "apical pneumothorax" under present too; "#
        + "expected a prompt on one side only"
    ),
    (
      "    absent: [no pneumothorax]\n", "",
      "labels.yaml:8:5: found a threshold on softmax and no absent prompts; "
        + "expected absent prompts, or a threshold on another score"
    ),
    (
      "name: nodule", "name: pneumothorax",
      "labels.yaml:14:5: found the finding pneumothorax a second time; expected each finding once"
    ),
    (
      "name: nodule", "name: no-finding",
      #"labels.yaml:14:11: found "no-finding" as a finding; "#
        + "expected something that can be seen: no output claims a normal study"
    ),
    (
      "title: Nodule", "title: Normal chest",
      #"labels.yaml:15:12: found "Normal chest" as a finding; "#
        + "expected something that can be seen: no output claims a normal study"
    ),
    (
      "{value: 27925004, scheme: SCT, meaning: Nodule}", "nodule",
      #"labels.yaml:16:11: found "nodule"; expected a code, a mapping with the keys value, scheme, meaning"#
    ),
    (
      "value: 27925004", "value: 27925005",
      "labels.yaml:16:11: found the code 27925005 SCT: the check digit of the SNOMED CT identifier 27925005 does not "
        + "hold; expected a code that may be used for a finding or its site"
    ),
    (
      "value: 27925004", "value: 287272002",
      "labels.yaml:16:11: found the code 287272002 SCT: 287272002 means enlarged septal foramen of heart; "
        + "cardiomegaly is 8186001; expected a code that may be used for a finding or its site"
    ),
    (
      "value: 39607008, scheme: SCT", "value: T-28000, scheme: SRT",
      "labels.yaml:17:11: found the code T-28000 SRT: the scheme SRT (SNOMED-RT) is retired; use SCT; "
        + "expected a code that may be used for a finding or its site"
    ),
    (
      "value: 27925004", "value: 36118008",
      "labels.yaml:16:11: found the code 36118008 SCT: 36118008 means pneumothorax; nodule is 27925004; "
        + "expected a code that may be used for a finding or its site"
    ),
    (
      "value: 27925004, scheme: SCT", "value: '121053', scheme: DCM",
      "labels.yaml:16:11: found the code 121053 DCM: 121053 (Present) is retired; a finding names what is seen; "
        + "expected a code that may be used for a finding or its site"
    ),
    (
      "value: 27925004, scheme: SCT", "value: Newcode1, scheme: 99IHE",
      "labels.yaml:16:11: found the code Newcode1 99IHE: 99IHE is a placeholder of public sample code, not a coding "
        + "scheme; expected a code that may be used for a finding or its site"
    ),
    (
      "value: 27925004, scheme: SCT, meaning: Nodule", "value: 36118008, scheme: SCT, meaning: Large pneumothorax",
      #"labels.yaml:14:5: found the code 36118008 SCT as "Large pneumothorax"; "#
        + #"expected one meaning a code: above it is "Pneumothorax""#
    ),
    (
      "meaning: Lung", "meaning: [Lung]",
      "labels.yaml:17:51: found a list; expected a code meaning of at most 64 characters"
    ),
  ]

  @Test(arguments: table.indices)
  func `a mistake is reported where it stands`(index: Int) throws {
    let (old, new, message) = Self.table[index]
    let directory = try TemporaryDirectory()
    try #require(goodLabelSet.contains(old))
    let path = try directory.write("labels.yaml", goodLabelSet.replacing(old, with: new, maxReplacements: 1))
    let messages = directory.messages { _ = try LabelSet(loading: path) }
    #expect(messages.contains(message), "\(messages)")
  }

  @Test func `an unknown key is reported with a suggestion, and the missing one too`() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("labels.yaml", goodLabelSet.replacing("source: Made up", with: "sorce: Made up"))
    #expect(
      directory.messages { _ = try LabelSet(loading: path) } == [
        "labels.yaml:1:1: the key source is missing; expected where the prompts come from, at most 500 characters",
        #"labels.yaml:5:1: found the unknown key "sorce"; expected one of the keys schema, id, version, title, "#
          + "source, threshold, findings; did you mean source?",
      ])
  }

  @Test func `everything wrong in a file is reported at once, in the order of its lines`() throws {
    let directory = try TemporaryDirectory()
    let text = goodLabelSet.replacing("36118008", with: "36118009").replacing("priority: low", with: "priority: lo")
      .replacing("id: small", with: "id: 1")
    let path = try directory.write("labels.yaml", text)
    let places = directory.messages { _ = try LabelSet(loading: path) }.map { $0.split(separator: " ").first }
    #expect(places == ["labels.yaml:2:5:", "labels.yaml:10:11:", "labels.yaml:18:15:"])
  }
}
