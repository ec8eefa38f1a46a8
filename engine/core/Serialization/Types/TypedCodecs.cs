using System.Collections.Concurrent;
using System.Text;
using Orleans.Serialization;

namespace OrleansCache.Engine.Serialization;

/// <summary>The codecs of values that say their type, by type and by name.</summary>
/// <param name="names">The names of types.</param>
/// <param name="exact">Makes the codec of values of exactly this type; null and the reason when there is none.</param>
internal sealed class TypedCodecs(TypeNames names, TypedCodecs.ExactCodec exact)
{
    /// <summary>Generic types and arrays can be nested into ever more types; no program has this many, a broken or hostile peer might.</summary>
    private const int MostTypes = 16_384;

    private readonly ConcurrentDictionary<Type, TypedCodec> _byType = new();
    private readonly ConcurrentDictionary<byte[], TypedCodec> _byName = new(new Utf8Comparer());

    internal delegate IValueCodec? ExactCodec(Type type, out string reason);

    /// <summary>Reads an exception whose type is not known here, as far as all exceptions are alike.</summary>
    public IValueCodec UnavailableException => Find(typeof(UnavailableExceptionFallbackException), out _)!.Codec;

    /// <summary>The codec of values of this run-time type; null and the reason when they cannot be sent where their type must be said.</summary>
    public TypedCodec? Find(Type type, out string reason)
    {
        reason = "";
        if (_byType.TryGetValue(type, out var typed))
            return typed;
        if (exact(type, out reason) is not { } codec)
            return null;
        if (names.NameOf(type) is { } name)
            return _byType.GetOrAdd(type, new TypedCodec(Encoding.UTF8.GetBytes(name), codec));
        reason = $"type {TypeText.Of(type)} has no [GenerateSerializer], and so no name where a value must say its type";
        return null;
    }

    /// <summary>The codec of the type of this name; null when the type is not known.</summary>
    public TypedCodec? Find(ReadOnlySpan<byte> name)
    {
        if (_byName.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var typed))
            return typed;
        if (name.Length > TypeNames.MaxLength || _byName.Count >= MostTypes || names.Find(Encoding.UTF8.GetString(name)) is not { } type)
            return null;
        return Find(type, out _) is { } found ? _byName.GetOrAdd(name.ToArray(), found) : null;
    }
}
