namespace OrleansCache.Engine.Serialization;

internal sealed class ArrayCodec<T> : SequenceCodec<T[], T>
{
    public override void Write(ref WireWriter writer, T[]? value)
    {
        if (value is null)
            writer.WriteNull();
        else if (writer.BeginObject(value))
            WriteElements(ref writer, new ReadOnlySpan<T>(value));
    }

    public override T[]? Read(ref WireReader reader)
    {
        if (!reader.BeginObject<T[]>(out var known, out var number))
            return known;

        // An array exists once its length is known to be true, so one that holds itself cannot be read.
        var elements = ReadElements(ref reader);
        reader.Remember(number, elements);
        return elements;
    }

    public override T[]? Copy(T[]? value, ref CopyContext context)
    {
        if (value is null)
            return null;
        if (context.TryGet(value, out var copy))
            return copy;
        if (Element.IsImmutable)
        {
            copy = (T[])value.Clone();
            context.Add(value, copy);
            return copy;
        }

        copy = new T[value.Length];
        context.Add(value, copy);
        context.Enter();
        for (var i = 0; i < copy.Length; i++)
            copy[i] = Element.Copy(value[i], ref context)!;
        context.Leave();
        return copy;
    }
}
