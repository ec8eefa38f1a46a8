namespace OrleansCache.Cli.Output;

/// <summary>How far long work is.</summary>
/// <param name="Fraction">0 to 1.</param>
/// <param name="Text">What has been done, in words.</param>
internal readonly record struct ProgressStep(double Fraction, string Text);
