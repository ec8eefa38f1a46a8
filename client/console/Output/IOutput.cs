namespace OrleansCache.Cli.Output;

/// <summary>Where a command's answer goes: for people, or as one JSON document.</summary>
internal interface IOutput
{
    /// <summary>The command's answer, once per command.</summary>
    void Write(IReport report);

    /// <summary>A part of an answer that is still being worked on; the JSON document has it in the end.</summary>
    void Part(IReport report);

    /// <summary>The command's error, instead of an answer.</summary>
    void Error(ErrorReport error);

    /// <summary>Something worth knowing that is not part of the answer.</summary>
    void Notice(string text);

    /// <summary>Whether a person looks at a screen on which answers can be drawn over.</summary>
    bool IsScreen { get; }

    /// <summary>Draws a report over itself again and again until it is cancelled, which is how it ends; only on a screen.</summary>
    Task RefreshAsync(Func<ILiveReport> current, TimeSpan period, CancellationToken cancellation);

    /// <summary>Does long work and shows how far it is.</summary>
    Task<T> WithProgressAsync<T>(string title, Func<IProgress<ProgressStep>, Task<T>> work);
}
