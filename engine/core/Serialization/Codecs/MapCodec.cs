namespace OrleansCache.Engine.Serialization;

/// <summary>The base of the codecs of dictionaries: a group of the comparer, the count, and keys and values in turn.</summary>
internal abstract class MapCodec<TMap, TKey, TValue> : ValueCodec<TMap>, ICompositeCodec
    where TMap : class, IReadOnlyDictionary<TKey, TValue>
    where TKey : notnull
{
    private const int TrustedCount = 1024;

    public override bool IsImmutable => false;

    public IEnumerable<CodecPart> Parts =>
    [
        new CodecPart(new CodecKey(typeof(TKey)), $"a key of {TypeText.Of(typeof(TMap))}"),
        new CodecPart(new CodecKey(typeof(TValue)), $"a value of {TypeText.Of(typeof(TMap))}"),
    ];

    protected IValueCodec<TKey> Key { get; private set; } = null!;

    protected IValueCodec<TValue> Value { get; private set; } = null!;

    public void Connect(Func<CodecKey, IValueCodec> codecs)
    {
        Key = (IValueCodec<TKey>)codecs(new CodecKey(typeof(TKey)));
        Value = (IValueCodec<TValue>)codecs(new CodecKey(typeof(TValue)));
    }

    protected void WriteEntries(ref WireWriter writer, IEqualityComparer<TKey> comparer, TMap entries)
    {
        KeyComparer<TKey>.Write(ref writer, comparer);
        writer.WriteVarint((uint)entries.Count);
        foreach (var (key, value) in entries)
        {
            Key.Write(ref writer, key);
            Value.Write(ref writer, value);
        }

        writer.EndGroup();
    }

    /// <param name="reader">The message.</param>
    /// <param name="number">The number of the dictionary that is read, when others may refer to it.</param>
    protected Dictionary<TKey, TValue> ReadEntries(ref WireReader reader, int? number)
    {
        var comparer = KeyComparer<TKey>.Read(ref reader);
        var count = reader.ReadGroupCount();
        var map = new Dictionary<TKey, TValue>(Math.Min(count, TrustedCount), comparer);
        if (number is { } known)
            reader.Remember(known, map);
        for (var i = 0; i < count; i++)
        {
            var key = Key.Read(ref reader);
            var value = Value.Read(ref reader);
            if (key is null || !map.TryAdd(key, value!))
                throw reader.Malformed($"a dictionary has the key '{key}' twice, or null as a key");
        }

        reader.EndGroup();
        return map;
    }
}
