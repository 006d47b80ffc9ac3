import DICOMCore
import Findings
import Foundation
import TestSupport
import Testing

struct StudySelectionTests {
  private var rules: SelectionRules {
    var rules = SelectionRules(modalities: ["CR", "DX"])
    rules.bodyParts = ["CHEST", "CHEST TO ABDOMEN"]
    rules.anatomicRegions = [CodedConcept("816094009", "SCT", "Chest")]
    return rules
  }

  /// A frontal chest radiograph of an adult, for presentation.
  private func radiograph(_ change: (inout DataSet) -> Void = { _ in }) -> DataSet {
    var dataSet = DataSet()
    dataSet.set(.modality, .cs, "DX")
    dataSet.set(.sopClassUID, .digitalXRayImageStorageForPresentation)
    dataSet.set(.rows, .us, integers: [100])
    dataSet.set(.columns, .us, integers: [80])
    dataSet.set(.bodyPartExamined, .cs, "CHEST")
    dataSet.set(.patientAge, .as, "045Y")
    dataSet.set(.presentationIntentType, .cs, "FOR PRESENTATION")
    dataSet.set(.viewPosition, .cs, "PA")
    change(&dataSet)
    return dataSet
  }

  private func decide(_ dataSet: DataSet, _ rules: SelectionRules? = nil) -> ImageDecision? {
    StudySelection(of: [dataSet], by: rules ?? self.rules).decisions.first
  }

  @Test func `a frontal chest radiograph of an adult is used without a warning`() {
    let selection = StudySelection(of: [radiograph()], by: rules)
    #expect(selection.decisions == [.used(warnings: [])])
    #expect(selection.used == [0])
    #expect(selection.noAssist == nil)
  }

  @Test func `what the pipeline does not cover is excluded with its reason`() {
    let table: [(ImageExclusion, (inout DataSet) -> Void)] = [
      (.notAnImage, { $0[.rows] = nil }),
      (.notAnImage, { $0.set(.columns, .us, integers: [0]) }),
      (.modalityNotCovered, { $0.set(.modality, .cs, "CT") }),
      (.modalityNotCovered, { $0[.modality] = nil }),
      (.qualityControlImage, { $0.set(.qualityControlImage, .cs, "YES") }),
      (.localizer, { $0.set(.imageType, .cs, "ORIGINAL", "PRIMARY", "LOCALIZER") }),
      (.bodyPartNotCovered, { $0.set(.bodyPartExamined, .cs, "HAND") }),
      (.bodyPartUnknown, { $0[.bodyPartExamined] = nil }),
      (.bodyPartUnknown, { $0.setEmpty(.bodyPartExamined, .cs) }),
      (.belowMinimumAge, { $0.set(.patientAge, .as, "017Y") }),
      (.lateralView, { $0.set(.viewPosition, .cs, "LL") }),
    ]
    for (reason, change) in table { #expect(decide(radiograph(change)) == .excluded(reason)) }
  }

  @Test(arguments: ["CHEST", "Chest", " chest ", "CHEST_TO_ABDOMEN", "chest to-abdomen"])
  func `body parts compare without case, space, hyphen and underscore`(bodyPart: String) {
    #expect(decide(radiograph { $0.set(.bodyPartExamined, .cs, bodyPart) }) == .used(warnings: []))
  }

  @Test func `the anatomic region says as much as the body part`() {
    func region(_ value: String) -> DataSet {
      radiograph { dataSet in
        dataSet[.bodyPartExamined] = nil
        var item = DataSet()
        item.set(.codeValue, .sh, value)
        item.set(.codingSchemeDesignator, .sh, "SCT")
        dataSet.set(.anatomicRegionSequence, items: [item])
      }
    }
    #expect(decide(region("816094009")) == .used(warnings: []))
    #expect(decide(region("85562004")) == .excluded(.bodyPartNotCovered))
  }

  @Test func `an unknown body part is used with a warning where the pipeline accepts it`() {
    var accepting = rules
    accepting.whenBodyPartIsUnknown = .accept
    #expect(decide(radiograph { $0[.bodyPartExamined] = nil }, accepting) == .used(warnings: [.bodyPartUnknown]))
    var anything = rules
    (anything.bodyParts, anything.anatomicRegions) = ([], [])
    #expect(decide(radiograph { $0.set(.bodyPartExamined, .cs, "HAND") }, anything) == .used(warnings: []))
  }

  @Test(arguments: [
    ("018Y", true), ("017Y", false), ("216M", true), ("215M", false), ("940W", true), ("939W", false),
    ("999D", false), ("18Y", true), ("62", true), ("17", false), ("045y", true),
  ])
  func `the age is read in every unit`(age: String, isUsed: Bool) {
    let expected = isUsed ? ImageDecision.used(warnings: []) : .excluded(.belowMinimumAge)
    #expect(decide(radiograph { $0.set(.patientAge, .as, age) }) == expected)
  }

  @Test(arguments: [
    ("20080115", "20260115", true), ("20080116", "20260115", false), ("20080229", "20260228", false),
    ("20080229", "20260301", true), ("19500101", "20260115", true),
  ])
  func `without an age the dates of birth and study count`(birth: String, study: String, isUsed: Bool) {
    let decision = decide(
      radiograph {
        $0[.patientAge] = nil
        $0.set(.patientBirthDate, .da, birth)
        $0.set(.studyDate, .da, study)
      })
    #expect(decision == (isUsed ? .used(warnings: []) : .excluded(.belowMinimumAge)))
  }

  @Test(arguments: ["", "Y", "0450Y", "04-Y", "045X", "4.5Y", "٤٥Y"])
  func `a malformed age is unknown`(age: String) {
    let image = radiograph { $0.set(.patientAge, .as, age) }
    #expect(decide(image) == .used(warnings: [.ageUnknown]))
    var strict = rules
    strict.whenAgeIsUnknown = .noAssist
    #expect(decide(image, strict) == .excluded(.ageUnknown))
    var allAges = strict
    allAges.minimumAge = 0
    #expect(decide(image, allAges) == .used(warnings: []))
  }

  @Test func `a birth date after the study says nothing`() {
    let image = radiograph {
      $0[.patientAge] = nil
      $0.set(.patientBirthDate, .da, "20300101")
      $0.set(.studyDate, .da, "20260101")
    }
    #expect(decide(image) == .used(warnings: [.ageUnknown]))
  }

  @Test func `an image for processing gives way to one for presentation`() {
    let raw = radiograph { $0.set(.presentationIntentType, .cs, "FOR PROCESSING") }
    let rawByClass = radiograph {
      $0[.presentationIntentType] = nil
      $0.set(.sopClassUID, .digitalXRayImageStorageForProcessing)
    }
    for raw in [raw, rawByClass] {
      #expect(decide(raw) == .used(warnings: [.forProcessing]))
      let both = StudySelection(of: [raw, radiograph()], by: rules)
      #expect(both.decisions == [.excluded(.forProcessing), .used(warnings: [])])
    }
    var strict = rules
    strict.forProcessingImages = .skip
    #expect(decide(raw, strict) == .excluded(.forProcessing))
    var open = rules
    open.forProcessingImages = .use
    #expect(StudySelection(of: [raw, radiograph()], by: open).used.count == 2)
  }

  @Test func `a skipped lateral view for presentation does not push out the frontal image for processing`() {
    let raw = radiograph { $0.set(.presentationIntentType, .cs, "FOR PROCESSING") }
    let lateral = radiograph { $0.set(.viewPosition, .cs, "LATERAL") }
    let selection = StudySelection(of: [lateral, raw], by: rules)
    #expect(selection.decisions == [.excluded(.lateralView), .used(warnings: [.forProcessing])])
  }

  @Test func `lateral views are recognised by position and by code, and used where the pipeline says so`() {
    let coded = radiograph { dataSet in
      dataSet[.viewPosition] = nil
      var item = DataSet()
      item.set(.codeValue, .sh, "399067008")
      item.set(.codingSchemeDesignator, .sh, "SCT")
      dataSet.set(.viewCodeSequence, items: [item])
    }
    #expect(decide(coded) == .excluded(.lateralView))
    var open = rules
    open.lateralViews = .useIfAlone
    #expect(decide(coded, open) == .used(warnings: [.lateralView]))
    #expect(StudySelection(of: [coded, radiograph()], by: open).used == [1])
    open.lateralViews = .use
    #expect(StudySelection(of: [coded, radiograph()], by: open).used == [1, 0])
  }

  @Test func `views, sides, image types and series descriptions can be restricted`() {
    var strict = rules
    strict.imageTypes = ["ORIGINAL"]
    strict.excludedImageTypes = ["SECONDARY"]
    strict.seriesDescriptions = [TextPattern("*chest*"), TextPattern("thorax")].compactMap(\.self)
    strict.excludedSeriesDescriptions = [TextPattern("bedside")].compactMap(\.self)
    strict.viewPositions = ["PA"]
    strict.viewCodes = [CodedConcept("399348003", "SCT", "antero-posterior")]
    strict.lateralities = ["U", "B"]
    func covered(_ change: (inout DataSet) -> Void = { _ in }) -> DataSet {
      radiograph {
        $0.set(.imageType, .cs, "ORIGINAL", "PRIMARY")
        $0.set(.seriesDescription, .lo, "Chest pa")
        $0.set(.laterality, .cs, "U")
        change(&$0)
      }
    }
    func viewCode(_ value: String) -> DataSet {
      var item = DataSet()
      item.set(.codeValue, .sh, value)
      item.set(.codingSchemeDesignator, .sh, "SCT")
      return item
    }
    let table: [(ImageExclusion?, (inout DataSet) -> Void)] = [
      (nil, { _ in }), (nil, { $0.set(.seriesDescription, .lo, "THORAX") }),
      (.imageTypeNotCovered, { $0.set(.imageType, .cs, "DERIVED", "PRIMARY") }),
      (.imageTypeNotCovered, { $0[.imageType] = nil }),
      (.imageTypeNotCovered, { $0.set(.imageType, .cs, "ORIGINAL", "SECONDARY") }),
      (.seriesDescriptionNotCovered, { $0.set(.seriesDescription, .lo, "Abdomen") }),
      (.seriesDescriptionNotCovered, { $0.set(.seriesDescription, .lo, "chest BEDSIDE") }),
      (.seriesDescriptionNotCovered, { $0[.seriesDescription] = nil }),
      (.viewNotCovered, { $0.set(.viewPosition, .cs, "AP") }), (.viewUnknown, { $0[.viewPosition] = nil }),
      (
        nil,
        {
          $0.set(.viewPosition, .cs, "AP"); $0.set(.viewCodeSequence, items: [viewCode("399348003")])
        }
      ),
      (
        .viewNotCovered,
        {
          $0[.viewPosition] = nil; $0.set(.viewCodeSequence, items: [viewCode("1")])
        }
      ),
      (.lateralityNotCovered, { $0.set(.imageLaterality, .cs, "L") }), (.lateralityUnknown, { $0[.laterality] = nil }),
    ]
    for (reason, change) in table {
      #expect(decide(covered(change), strict) == reason.map { .excluded($0) } ?? .used(warnings: []))
    }
    strict.whenViewIsUnknown = .accept
    #expect(decide(covered { $0[.viewPosition] = nil }, strict) == .used(warnings: [.viewUnknown]))
  }

  @Test func `SOP classes and burned-in annotation can be restricted`() {
    var strict = rules
    strict.sopClasses = [.computedRadiographyImageStorage]
    strict.burnedInAnnotation = .skip
    #expect(decide(radiograph(), strict) == .excluded(.sopClassNotCovered))
    let burned = radiograph {
      $0.set(.sopClassUID, .computedRadiographyImageStorage)
      $0.set(.burnedInAnnotation, .cs, "YES")
    }
    #expect(decide(burned, strict) == .excluded(.burnedInAnnotation))
    #expect(decide(burned) == .used(warnings: [.burnedInAnnotation]))
  }

  @Test func `beyond the maximum the first images by instance number stay, whatever the order`() throws {
    var few = rules
    few.maximumImagesPerStudy = 2
    let images = try [3, 1, 2].map { number in
      try radiographNumber(number)
    }
    #expect(
      StudySelection(of: images, by: few).decisions
        == [.excluded(.beyondMaximum), .used(warnings: []), .used(warnings: [])])
    #expect(StudySelection(of: images, by: few).used == [1, 2])
    #expect(StudySelection(of: images.reversed(), by: few).used == [1, 0])
  }

  private func radiographNumber(_ number: Int) throws -> DataSet {
    let identifier = try uid("1.2.\(number)")
    return radiograph {
      $0.set(.instanceNumber, .is, String(number))
      $0.set(.sopInstanceUID, identifier)
    }
  }

  @Test(arguments: [
    (1, 1, [1]), (1, 5, [3]), (1, 4, [3]), (2, 4, [2, 4]), (3, 3, [1, 2, 3]), (9, 3, [1, 2, 3]), (2, 10, [3, 8]),
    (1, 0, []), (1, -3, []), (1, Int.max, [Int.max / 2 + 1]),
  ])
  func `frames are spread evenly`(maximum: Int, count: Int, frames: [Int]) {
    var rules = rules
    rules.maximumFramesPerImage = maximum
    #expect(rules.frames(of: count) == frames)
  }
}

struct NoAssistTests {
  @Test func `the reason of the image that came furthest counts`() {
    let table: [([ImageExclusion], NoAssistReason)] = [
      ([], .noMatchingSeries), ([.notAnImage], .unsupportedSOPClass),
      ([.notAnImage, .modalityNotCovered], .unsupportedModality),
      ([.modalityNotCovered, .qualityControlImage], .qualityControlImage),
      ([.bodyPartNotCovered, .modalityNotCovered], .noMatchingSeries), ([.bodyPartUnknown], .noMatchingSeries),
      ([.belowMinimumAge, .bodyPartNotCovered], .policy), ([.lateralView, .belowMinimumAge], .noMatchingSeries),
      ([.unsupportedTransferSyntax, .lateralView], .unsupportedTransferSyntax), ([.unreadable], .decodeError),
      ([.decodeError, .forProcessing], .decodeError), ([.notScorable, .decodeError], .inputQuality),
    ]
    for (exclusions, reason) in table {
      #expect(NoAssist(summarising: exclusions).code == reason)
      #expect(NoAssist(summarising: exclusions.reversed()).code == reason)
    }
  }

  @Test func `the README of pipelines lists every reason`() throws {
    let readme = try String(contentsOfFile: PackageRoot.path("Pipelines/README.md"), encoding: .utf8)
    for exclusion in ImageExclusion.allCases { #expect(readme.contains("`\(exclusion.rawValue)`")) }
  }

  @Test func `no text claims that something is normal`() {
    for exclusion in ImageExclusion.allCases {
      let text = NoAssist(summarising: [exclusion]).text
      #expect(text.hasSuffix(".") && !text.lowercased().contains("normal"))
    }
    for warning in SelectionWarning.allCases { #expect(!warning.text.lowercased().contains("normal")) }
  }
}
