internal import DICOMCore
internal import Findings

extension YAMLReader where Value == SelectionRules {
  private static let keys = [
    "modalities", "sop_classes", "body_parts", "anatomic_regions", "when_body_part_is_unknown", "minimum_age",
    "when_age_is_unknown", "lateral_views", "for_processing_images", "burned_in_annotation",
    "maximum_images_per_study", "maximum_frames_per_image",
  ]

  /// The `select` part of a pipeline. A key that is left out has the default of ``SelectionRules``.
  static var selectionRules: YAMLReader {
    YAMLReader("a mapping that says which images are used") { node, problems in
      guard let map = YAMLMapping(node, "the selection", keys: keys, problems) else { return nil }
      let modalities = map.required("modalities", .list("a list such as [CR, DX]", of: .modality, count: 1...20))
      var rules = SelectionRules(modalities: modalities ?? [])
      var isComplete = modalities != nil
      func set<Field>(_ path: WritableKeyPath<SelectionRules, Field>, _ key: String, _ reader: YAMLReader<Field>) {
        guard let value = map.optional(key, reader, default: rules[keyPath: path]) else {
          isComplete = false
          return
        }
        rules[keyPath: path] = value
      }
      set(\.sopClasses, "sop_classes", .list("a list of SOP Class UIDs", of: .uid, count: 1...100))
      set(\.bodyParts, "body_parts", .list("a list such as [CHEST, THORAX]", of: .bodyPart, count: 1...100))
      set(\.anatomicRegions, "anatomic_regions", .list("a list of codes", of: .plainCode, count: 1...100))
      set(\.whenBodyPartIsUnknown, "when_body_part_is_unknown", .choice(SelectionRules.WhenUnknown.allCases))
      set(\.minimumAge, "minimum_age", .number(in: 0...120, unit: " years"))
      set(\.whenAgeIsUnknown, "when_age_is_unknown", .choice(SelectionRules.WhenUnknown.allCases))
      set(\.lateralViews, "lateral_views", .choice(SelectionRules.LateralViews.allCases))
      set(\.forProcessingImages, "for_processing_images", .choice(SelectionRules.ForProcessingImages.allCases))
      set(\.burnedInAnnotation, "burned_in_annotation", .choice(SelectionRules.BurnedInAnnotation.allCases))
      set(\.maximumImagesPerStudy, "maximum_images_per_study", .integer(in: 1...1000))
      set(\.maximumFramesPerImage, "maximum_frames_per_image", .integer(in: 1...1000))
      return isComplete ? rules : nil
    }
  }
}

extension YAMLReader where Value == String {
  /// A value of Modality (0008,0060): the standard's defined terms have two to four capitals.
  static var modality: YAMLReader {
    scalar("a modality such as DX, in capitals") { text in
      let isTerm = (2...16).contains(text.utf8.count) && text.utf8.allSatisfy { (0x41...0x5A).contains($0) }
      return isTerm ? text : nil
    }
  }

  /// A value to compare Body Part Examined (0018,0015) with.
  static var bodyPart: YAMLReader {
    scalar("a value of Body Part Examined such as CHEST") { text in
      let words = text.utf8.allSatisfy {
        (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x20 || $0 == 0x5F
      }
      return words && (1...16).contains(text.utf8.count) ? text : nil
    }
  }
}

extension YAMLReader where Value == UID {
  static var uid: YAMLReader {
    scalar("a UID such as 1.2.840.10008.5.1.4.1.1.1") { UID($0) }
  }
}
