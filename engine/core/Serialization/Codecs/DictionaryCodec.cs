namespace OrleansCache.Engine.Serialization;

internal sealed class DictionaryCodec<TKey, TValue> : MapCodec<Dictionary<TKey, TValue>, TKey, TValue>
    where TKey : notnull
{
    public override void Write(ref WireWriter writer, Dictionary<TKey, TValue>? value)
    {
        if (value is null)
            writer.WriteNull();
        else if (writer.BeginObject(value))
            WriteEntries(ref writer, value.Comparer, value);
    }

    public override Dictionary<TKey, TValue>? Read(ref WireReader reader) =>
        reader.BeginObject<Dictionary<TKey, TValue>>(out var known, out var number) ? ReadEntries(ref reader, number) : known;

    public override Dictionary<TKey, TValue>? Copy(Dictionary<TKey, TValue>? value, ref CopyContext context)
    {
        if (value is null)
            return null;
        if (context.TryGet(value, out var copy))
            return copy;
        copy = new Dictionary<TKey, TValue>(value.Count, value.Comparer);
        context.Add(value, copy);
        context.Enter();
        foreach (var (key, element) in value)
            copy.Add(Key.Copy(key, ref context)!, Value.Copy(element, ref context)!);
        context.Leave();
        return copy;
    }
}
