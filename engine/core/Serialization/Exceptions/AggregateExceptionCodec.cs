namespace OrleansCache.Engine.Serialization;

/// <summary>Its inner exceptions are given to the constructor and cannot be set later, so it has a codec of its own.</summary>
internal sealed class AggregateExceptionCodec : ValueCodec<AggregateException>, ICompositeCodec
{
    private IValueCodec<List<Exception>> _inner = null!;
    private IValueCodec<Dictionary<object, object?>> _data = null!;

    public IEnumerable<CodecPart> Parts =>
    [
        new CodecPart(new CodecKey(typeof(List<Exception>)), "member InnerExceptions of System.AggregateException"),
        new CodecPart(new CodecKey(typeof(Dictionary<object, object?>)), "member Data of System.AggregateException"),
    ];

    public void Connect(Func<CodecKey, IValueCodec> codecs)
    {
        _inner = (IValueCodec<List<Exception>>)codecs(new CodecKey(typeof(List<Exception>)));
        _data = (IValueCodec<Dictionary<object, object?>>)codecs(new CodecKey(typeof(Dictionary<object, object?>)));
    }

    public override void Write(ref WireWriter writer, AggregateException? value)
    {
        if (value is null)
        {
            writer.WriteNull();
            return;
        }

        writer.BeginGroup();
        writer.WriteString(ExceptionMembers.Message(value));
        _inner.Write(ref writer, [.. value.InnerExceptions]);
        writer.WriteString(value.StackTrace);
        writer.WriteSigned(value.HResult);
        _data.Write(ref writer, ExceptionMembers.GetData(value));
        writer.EndGroup();
    }

    public override AggregateException? Read(ref WireReader reader)
    {
        if (!reader.ReadHeader(WireKind.Group))
            return null;
        reader.EnterGroup();
        var message = reader.ReadString();
        var inner = _inner.Read(ref reader);
        if (inner is null || inner.Contains(null!))
            throw reader.Malformed("an AggregateException lacks its inner exceptions");
        var exception = new AggregateException(message, inner);
        ExceptionMembers.SetStackTrace(exception, reader.ReadString());
        var result = reader.ReadSigned();
        exception.HResult = result == (int)result ? (int)result : throw reader.Malformed("an HResult is too large");
        ExceptionMembers.SetData(exception, _data.Read(ref reader));
        reader.EndGroup();
        return exception;
    }
}
