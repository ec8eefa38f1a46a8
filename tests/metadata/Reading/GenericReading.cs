using System.Reflection;
using System.Reflection.Metadata;

namespace OrleansCache.Metadata.Tests.Reading;

/// <summary>Reads type parameters with their variance and constraints.</summary>
internal sealed class GenericReading(MetadataReader reader, SignatureNames names)
{
    public string Describe(GenericParameterHandleCollection parameters) => string.Join("; ", parameters.Select(Describe));

    private string Describe(GenericParameterHandle handle)
    {
        var parameter = reader.GetGenericParameter(handle);
        var flags = parameter.Attributes;
        List<string> constraints = [.. parameter.GetConstraints().Select(constraint => names.Name(reader, reader.GetGenericParameterConstraint(constraint).Type)).Order(StringComparer.Ordinal)];
        if ((flags & GenericParameterAttributes.ReferenceTypeConstraint) != 0)
            constraints.Add("class");
        if ((flags & GenericParameterAttributes.NotNullableValueTypeConstraint) != 0)
            constraints.Add("struct");
        if ((flags & GenericParameterAttributes.DefaultConstructorConstraint) != 0)
            constraints.Add("new()");
        if ((flags & GenericParameterAttributes.AllowByRefLike) != 0)
            constraints.Add("allows ref struct");
        var variance = (flags & GenericParameterAttributes.VarianceMask) switch
        {
            GenericParameterAttributes.Covariant => "out ",
            GenericParameterAttributes.Contravariant => "in ",
            _ => "",
        };
        return $"{variance}{reader.GetString(parameter.Name)}{(constraints.Count > 0 ? " : " : "")}{string.Join(", ", constraints)}";
    }
}
