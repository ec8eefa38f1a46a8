using System.Runtime.Serialization;

namespace Orleans.Serialization;

/// <summary>A value could not be written, or what was read is no value.</summary>
[Serializable]
[GenerateSerializer]
public class SerializerException : Exception
{
    /// <summary>An error without a message of its own.</summary>
    public SerializerException()
    {
    }

    /// <summary>An error with a message.</summary>
    /// <param name="message">What went wrong.</param>
    public SerializerException(string message)
        : base(message)
    {
    }

    /// <summary>An error that another one led to.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">What led to it.</param>
    public SerializerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>For the formatters of old; nothing here uses it.</summary>
    /// <param name="info">The members.</param>
    /// <param name="context">Where they come from.</param>
    [Obsolete]
    protected SerializerException(SerializationInfo info, StreamingContext context)
        : base(info, context)
    {
    }
}
