import DICOMCore
import PhantomStudies
import PixelTransforms
import Tensors
import Testing

struct TrainingExampleTests {
  @Test("The demo encoder learns from the tensors that triage makes", arguments: FormVariant.allCases)
  func sameTensors(variant: FormVariant) throws {
    let pipeline = PixelPipeline(window: .automatic, preset: .tfBilinearPadded, size: 160)
    for index in 0..<4 {
      let example = TrainingExample(seed: 500 + UInt64(index), size: 160, grid: 20)
      let phantom = PhantomSet(count: 4, firstSeed: 500, variant: variant).phantom(index)
      let input = try pipeline.encoderInput(frame: phantom.image.frame, attributes: phantom.image.dataSet)
      let seen = input.tensor.values.prefix(160 * 160).map { ($0 + 1) * 127.5 }
      let differences = zip(seen, example.image).map { abs($0 - Float($1)) }
      // A grey level from rounding, and what 8 stored bits cannot hold.
      #expect(differences.reduce(0, +) / Float(differences.count) < 1.2)
      #expect(differences.count { $0 > 4 } == 0)
    }
  }

  @Test("Coverage marks the cells where a finding lies")
  func coverage() {
    let examples = (0..<30).map { TrainingExample(seed: 40 + $0, size: 32, grid: 10) }
    for example in examples {
      for (order, kind) in FindingKind.allCases.enumerated() {
        let cells = example.coverage[order * 100..<(order + 1) * 100]
        #expect(cells.contains { $0 > 0 } == example.truth.parameters.findings.contains(kind))
      }
    }
  }
}
