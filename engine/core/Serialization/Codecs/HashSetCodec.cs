namespace OrleansCache.Engine.Serialization;

internal sealed class HashSetCodec<T> : SequenceCodec<HashSet<T>, T>
{
    public override void Write(ref WireWriter writer, HashSet<T>? value)
    {
        if (value is null)
        {
            writer.WriteNull();
            return;
        }

        if (!writer.BeginObject(value))
            return;
        KeyComparer<T>.Write(ref writer, value.Comparer);
        writer.WriteVarint((uint)value.Count);
        foreach (var element in value)
            Element.Write(ref writer, element);
        writer.EndGroup();
    }

    public override HashSet<T>? Read(ref WireReader reader)
    {
        if (!reader.BeginObject<HashSet<T>>(out var known, out var number))
            return known;
        var comparer = KeyComparer<T>.Read(ref reader);
        var count = reader.ReadGroupCount();
        var set = new HashSet<T>(Math.Min(count, TrustedCount), comparer);
        reader.Remember(number, set);
        for (var i = 0; i < count; i++)
            set.Add(Element.Read(ref reader)!);
        reader.EndGroup();
        return set;
    }

    public override HashSet<T>? Copy(HashSet<T>? value, ref CopyContext context)
    {
        if (value is null)
            return null;
        if (context.TryGet(value, out var copy))
            return copy;
        copy = new HashSet<T>(value.Count, value.Comparer);
        context.Add(value, copy);
        context.Enter();
        foreach (var element in value)
            copy.Add(Element.Copy(element, ref context)!);
        context.Leave();
        return copy;
    }
}
