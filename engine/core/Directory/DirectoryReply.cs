namespace OrleansCache.Engine.Directory;

/// <summary>What the keeper of a directory's entry answers.</summary>
[GenerateSerializer]
[Immutable]
[Alias("OrleansCache.Engine.DirectoryReply")]
internal readonly struct DirectoryReply
{
    /// <summary>False when another silo keeps the entry, by the membership of <see cref="Version"/>.</summary>
    [Id(0)]
    public bool IsKeeper { get; init; }

    /// <summary>The membership's version on which the reply rests.</summary>
    [Id(1)]
    public long Version { get; init; }

    /// <summary>The silo that has the grain; null: none.</summary>
    [Id(2)]
    public SiloAddress? Silo { get; init; }

    /// <summary>Which of that silo's activations it is.</summary>
    [Id(3)]
    public long Activation { get; init; }
}
