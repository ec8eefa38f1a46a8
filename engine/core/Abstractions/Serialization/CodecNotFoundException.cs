namespace Orleans.Serialization;

/// <summary>Values of a type cannot be sent: nothing says how. The message names the type.</summary>
/// <param name="message">Which type, and what it lacks.</param>
[Serializable]
[GenerateSerializer]
public sealed class CodecNotFoundException(string message) : SerializerException(message);
