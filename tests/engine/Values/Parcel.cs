using System.Collections.Immutable;

namespace OrleansCache.Engine.Tests.Values;

/// <summary>A value that cannot be changed, with members of the kinds that grain interfaces use.</summary>
[GenerateSerializer, Immutable, Alias("OrleansCache.Engine.Tests.Parcel")]
public sealed record Parcel
{
    /// <summary>A text, or none.</summary>
    [Id(0)]
    public string? Text { get; init; }

    /// <summary>Bytes.</summary>
    [Id(1)]
    public byte[]? Bytes { get; init; }

    /// <summary>A number.</summary>
    [Id(2)]
    public int Int { get; init; }

    /// <summary>A large number.</summary>
    [Id(3)]
    public long Long { get; init; }

    /// <summary>A large number without sign.</summary>
    [Id(4)]
    public ulong ULong { get; init; }

    /// <summary>A fraction.</summary>
    [Id(5)]
    public double Double { get; init; }

    /// <summary>Yes or no.</summary>
    [Id(6)]
    public bool Bool { get; init; }

    /// <summary>A number, or none.</summary>
    [Id(7)]
    public int? Maybe { get; init; }

    /// <summary>An id.</summary>
    [Id(8)]
    public Guid Guid { get; init; }

    /// <summary>A length of time.</summary>
    [Id(9)]
    public TimeSpan Span { get; init; }

    /// <summary>A moment.</summary>
    [Id(10)]
    public DateTimeOffset Moment { get; init; }

    /// <summary>One of a few.</summary>
    [Id(11)]
    public DayOfWeek Day { get; init; }

    /// <summary>A value type of our own.</summary>
    [Id(12)]
    public Weight Weight { get; init; }

    /// <summary>An array that cannot be changed.</summary>
    [Id(13)]
    public ImmutableArray<string> Names { get; init; } = [];

    /// <summary>A part of the base type's kind, whose actual type travels along.</summary>
    [Id(14)]
    public Shape? Shape { get; init; }

    /// <summary>All members as a text, to compare two parcels.</summary>
    public string Describe() => string.Join('|', Text, Bytes is null ? "none" : Convert.ToHexString(Bytes), Int, Long, ULong, Double.ToString("R"), Bool, Maybe, Guid,
        Span, Moment.ToString("O"), Day, Weight, string.Join(',', Names), Shape);
}
