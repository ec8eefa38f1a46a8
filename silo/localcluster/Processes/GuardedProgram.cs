namespace OrleansCache.LocalClusters;

/// <summary>What a <see cref="GuardedProcess"/> runs.</summary>
public sealed record GuardedProgram
{
    /// <summary>The program and its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Variables that it gets in addition to this process's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>A folder that is removed once the program has ended, whatever ended it.</summary>
    public string? Folder { get; init; }

    /// <summary>The signal that ends it when its parent has ended, or does not want it any more.</summary>
    public string LastSignal { get; init; } = "KILL";

    /// <summary>Told each line that it writes, one after the other.</summary>
    public Action<string>? OnLine { get; init; }
}
