using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;

namespace OrleansCache.Metadata.Tests.Reading;

/// <summary>Reads parameters: name, how they are passed, default value.</summary>
internal sealed class ParameterReading(MetadataReader reader, SignatureNames names)
{
    private readonly Attributes _attributes = new(reader, names);

    public string Describe(ParameterHandleCollection parameters, MethodSignature<string> signature)
    {
        var described = new string[signature.ParameterTypes.Length];
        foreach (var handle in parameters)
        {
            var parameter = reader.GetParameter(handle);
            if (parameter.SequenceNumber > 0)
                described[parameter.SequenceNumber - 1] = Describe(parameter, signature.ParameterTypes[parameter.SequenceNumber - 1]);
        }

        return string.Join(", ", described);
    }

    public string Value(ConstantHandle handle)
    {
        if (handle.IsNil)
            return "none";
        var constant = reader.GetConstant(handle);
        return reader.GetBlobReader(constant.Value).ReadConstant(constant.TypeCode) switch
        {
            null => "null",
            string text => $"\"{text}\"",
            var value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };
    }

    private string Describe(Parameter parameter, string type)
    {
        var attributes = parameter.GetCustomAttributes();
        var way = type.Contains('&', StringComparison.Ordinal)
            ? (parameter.Attributes & ParameterAttributes.Out) != 0 ? "out "
            : _attributes.Has(attributes, "System.Runtime.CompilerServices.IsReadOnlyAttribute") ? "in "
            : _attributes.Has(attributes, "System.Runtime.CompilerServices.RequiresLocationAttribute") ? "ref readonly " : "ref "
            : "";
        var rest = _attributes.Has(attributes, "System.ParamArrayAttribute") || _attributes.Has(attributes, "System.Runtime.CompilerServices.ParamCollectionAttribute") ? "params " : "";
        var value = (parameter.Attributes & ParameterAttributes.Optional) != 0 ? $" = {Value(parameter.GetDefaultValue())}" : "";
        return $"{rest}{way}{reader.GetString(parameter.Name)}{value}";
    }
}
