using System.Runtime.InteropServices;

namespace OrleansCache.Engine.Serialization;

internal sealed class ListCodec<T> : SequenceCodec<List<T>, T>
{
    public override void Write(ref WireWriter writer, List<T>? value)
    {
        if (value is null)
            writer.WriteNull();
        else if (writer.BeginObject(value))
            WriteElements(ref writer, CollectionsMarshal.AsSpan(value));
    }

    public override List<T>? Read(ref WireReader reader)
    {
        if (!reader.BeginObject<List<T>>(out var known, out var number))
            return known;
        var count = reader.ReadGroupCount();
        var list = new List<T>(Math.Min(count, TrustedCount));
        reader.Remember(number, list);
        for (var i = 0; i < count; i++)
            list.Add(Element.Read(ref reader)!);
        reader.EndGroup();
        return list;
    }

    public override List<T>? Copy(List<T>? value, ref CopyContext context)
    {
        if (value is null)
            return null;
        if (context.TryGet(value, out var copy))
            return copy;
        copy = Element.IsImmutable ? [.. value] : new List<T>(value.Count);
        context.Add(value, copy);
        if (Element.IsImmutable)
            return copy;
        context.Enter();
        foreach (var element in value)
            copy.Add(Element.Copy(element, ref context)!);
        context.Leave();
        return copy;
    }
}
