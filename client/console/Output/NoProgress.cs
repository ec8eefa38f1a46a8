namespace OrleansCache.Cli.Output;

/// <summary>The progress of work that nobody watches: only a terminal shows it.</summary>
internal sealed class NoProgress : IProgress<ProgressStep>
{
    public static readonly NoProgress Instance = new();

    private NoProgress()
    {
    }

    public void Report(ProgressStep value)
    {
    }
}
