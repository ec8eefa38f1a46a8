using Orleans.Serialization;

namespace OrleansCache.Engine.Serialization;

/// <summary>How the keys of a dictionary or set are compared travels as a number: a case-insensitive one must not arrive as another.</summary>
internal static class KeyComparer<T>
{
    private const uint Default = 0;
    private const uint Ordinal = 1;
    private const uint OrdinalIgnoreCase = 2;

    public static void Write(ref WireWriter writer, IEqualityComparer<T>? comparer)
    {
        if (comparer is null || ReferenceEquals(comparer, EqualityComparer<T>.Default))
            writer.WriteVarint(Default);
        else if (ReferenceEquals(comparer, StringComparer.Ordinal))
            writer.WriteVarint(Ordinal);
        else if (ReferenceEquals(comparer, StringComparer.OrdinalIgnoreCase))
            writer.WriteVarint(OrdinalIgnoreCase);
        else
            throw new SerializerException($"A comparer of type {comparer.GetType()} cannot be sent. Use the default one, StringComparer.Ordinal or StringComparer.OrdinalIgnoreCase.");
    }

    /// <summary>The comparer, null for the default one.</summary>
    public static IEqualityComparer<T>? Read(ref WireReader reader) => reader.ReadVarint() switch
    {
        Default => null,
        Ordinal when StringComparer.Ordinal is IEqualityComparer<T> comparer => comparer,
        OrdinalIgnoreCase when StringComparer.OrdinalIgnoreCase is IEqualityComparer<T> comparer => comparer,
        var other => throw reader.Malformed($"{other} is no comparer of {typeof(T)}"),
    };
}
